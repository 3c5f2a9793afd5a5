package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.LogEvent;
import dev.kindstead.replication.LogLife;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.simulation.check.LogContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The model's records are held to the contract, and the judge to the model: no part of what the
 * model does is refused, and what neither does is.
 */
final class RecordedLogsTest {
  /** Of six replicas: nodes crash in a run with more. */
  private static final int LIVES_MIN = 13;

  private static final int SEEDS_MAX = 20;
  private static final int TRIES = 200;

  /** Of the first seed in which nodes crash; what a seed does changes with the product. */
  private static final List<LogLife> LIVES =
      LongStream.rangeClosed(1, SEEDS_MAX)
          .mapToObj(seed -> played(new World(seed)))
          .filter(lives -> lives.size() >= LIVES_MIN)
          .findFirst()
          .orElseThrow();

  private final RandomGenerator random = new SplittableRandom(3);

  private static List<LogLife> played(World world) {
    world.run();
    return world.cluster().recordedLogs().lives();
  }

  private static LogLife with(LogLife life, boolean isWhole, List<LogEvent> events) {
    return new LogLife(life.group(), life.nodeId(), life.number(), isWhole, events);
  }

  @Test
  void anyPartOfWhatTheModelDoesIsAllowed() {
    assertThat(LogContract.anomalies(LIVES)).isEmpty();
    for (int i = 0; i < TRIES; i++) {
      List<LogLife> parts =
          LIVES.stream()
              .map(life -> with(life, false, life.events().subList(0, cut(life))))
              .toList();
      assertThat(LogContract.anomalies(parts)).isEmpty();
    }
  }

  /** One record in two is as long as it was. */
  private int cut(LogLife life) {
    int events = life.events().size();
    return random.nextBoolean() ? events : random.nextInt(events + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "ACKNOWLEDGED_BEFORE_A_MAJORITY, isolation",
    "LEADS_BEFORE_IT_HAS_APPLIED, hand-over"
  })
  void aLogThatBreaksItsContractIsFound(Plant plant, String faults) {
    assertThat(LongStream.range(1, 40))
        .anyMatch(seed ->
            !LogContract.anomalies(
                    played(new World(WorldOptions.planted(seed, plant, Set.of(faults)))))
                .isEmpty());
  }

  /** Wherever in the record of a run it is. */
  @Test
  void oneEventChangedAnywhereIsFound() {
    for (int i = 0; i < TRIES; i++) {
      assertFound(LogEvent.Applied.class, it -> otherBytes((LogEvent.Applied) it));
      assertFound(LogEvent.Ended.class, it -> otherOutcome((LogEvent.Ended) it));
    }
  }

  private static LogEvent otherBytes(LogEvent.Applied applied) {
    return new LogEvent.Applied(applied.logIndex(), applied.term(), ~applied.hash());
  }

  /** What was applied did not end otherwise, and the other way round; UNKNOWN says nothing. */
  private static LogEvent otherOutcome(LogEvent.Ended ended) {
    return new LogEvent.Ended(
        ended.number(), ended.outcome() == Outcome.APPLIED ? Outcome.NOT_APPLIED : Outcome.APPLIED);
  }

  private void assertFound(Class<? extends LogEvent> kind, UnaryOperator<LogEvent> change) {
    var changed = new ArrayList<>(LIVES);
    while (true) {
      int which = random.nextInt(LIVES.size());
      LogLife life = LIVES.get(which);
      var events = new ArrayList<>(life.events());
      int at = random.nextInt(events.size());
      if (kind.isInstance(events.get(at)) && !isUnknown(events.get(at))) {
        events.set(at, change.apply(events.get(at)));
        changed.set(which, with(life, true, events));
        assertThat(LogContract.anomalies(changed))
            .as("%s, event %d: %s for %s", life, at, events.get(at), life.events().get(at))
            .isNotEmpty();
        return;
      }
    }
  }

  private static boolean isUnknown(LogEvent event) {
    return event instanceof LogEvent.Ended ended && ended.outcome() == Outcome.UNKNOWN;
  }
}

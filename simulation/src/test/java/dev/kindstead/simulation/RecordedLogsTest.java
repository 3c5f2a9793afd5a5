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
  /** Nodes crash in it, and leaders are deposed. */
  private static final long SEED = 5;

  private static final int TRIES = 200;

  private static List<LogLife> played(World world) {
    world.run();
    return world.cluster().recordedLogs().lives();
  }

  private static LogLife with(LogLife life, boolean isWhole, List<LogEvent> events) {
    return new LogLife(life.group(), life.nodeId(), life.number(), isWhole, events);
  }

  @Test
  void anyPartOfWhatTheModelDoesIsAllowed() {
    List<LogLife> lives = played(new World(SEED));
    assertThat(LogContract.anomalies(lives)).isEmpty();
    assertThat(lives).as("lives of 6 replicas").hasSizeGreaterThan(12);
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < TRIES; i++) {
      List<LogLife> parts =
          lives.stream()
              .map(life -> with(life, false, life.events().subList(0, cut(life, random))))
              .toList();
      assertThat(LogContract.anomalies(parts)).isEmpty();
    }
  }

  /** One record in two is as long as it was. */
  private static int cut(LogLife life, RandomGenerator random) {
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
    List<LogLife> lives = played(new World(SEED));
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < TRIES; i++) {
      assertFound(lives, LogEvent.Applied.class, random, it -> otherBytes((LogEvent.Applied) it));
      assertFound(lives, LogEvent.Ended.class, random, it -> otherOutcome((LogEvent.Ended) it));
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

  private static void assertFound(
      List<LogLife> lives,
      Class<? extends LogEvent> kind,
      RandomGenerator random,
      UnaryOperator<LogEvent> change) {
    var changed = new ArrayList<>(lives);
    while (true) {
      int which = random.nextInt(lives.size());
      LogLife life = lives.get(which);
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

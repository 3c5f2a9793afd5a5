package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.simulation.Links;
import dev.kindstead.simulation.Machine;
import dev.kindstead.simulation.ModelGroup;
import dev.kindstead.simulation.ModelLog;
import dev.kindstead.simulation.ModelSite;
import dev.kindstead.simulation.Plant;
import dev.kindstead.simulation.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The model keeps the engines' contract; at its nastiest, what the contract says of outcomes. */
class ModelLogTest extends ReplicatedLogContract {
  private static final String NODE = "n1";

  private final ModelGroup group = group();

  @Override
  ReplicatedLog newLog() {
    var random = new Random(7);
    var scheduler = new Scheduler(random);
    return new PumpedLog(log(group, scheduler, random, false), new SimulatedTime(scheduler));
  }

  private static ModelGroup group() {
    return new ModelGroup("alone", List.of(NODE), _ -> {}, _ -> {});
  }

  private static ModelLog log(ModelGroup group, Scheduler scheduler, Random random, boolean nasty) {
    var site =
        new ModelSite(
            Machine.exact(NODE, scheduler).start(),
            new Links(scheduler, random, nasty),
            random,
            () -> {},
            () -> {},
            () -> {
              throw new AssertionError("nobody to send a checkpoint to");
            },
            nasty,
            Plant.NOTHING);
    return new ModelLog(group, site);
  }

  @Override
  boolean keepsEntries() {
    return true;
  }

  @Override
  boolean savesCheckpoints() {
    return false;
  }

  @Override
  boolean survivesFailedApply() {
    return false;
  }

  @Test
  void atItsNastiestItsOutcomesAreHonest() {
    int unknown = 0;
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var scheduler = new Scheduler(random);
      var reader = new RecordingReader();
      ModelLog log = log(group(), scheduler, random, true);
      log.start(reader);
      Map<Long, Outcome> outcomes = new HashMap<>();
      for (long n = 0; n < 100; n++) {
        long mine = n;
        log.propose(
            number(n),
            outcome -> {
              assertThat(outcomes.put(mine, outcome)).as("first outcome").isNull();
              if (outcome == Outcome.APPLIED) {
                assertThat(reader.numbers()).as("applied before reported").contains(mine);
              }
            });
        scheduler.runFor(Duration.ofMillis(random.nextInt(60)));
      }
      log.heal();
      scheduler.runFor(Duration.ofSeconds(10));
      assertThat(outcomes).as("seed %d", seed).hasSize(100);
      List<Long> applied = reader.numbers();
      outcomes.forEach((n, outcome) -> {
        if (outcome == Outcome.NOT_APPLIED) {
          assertThat(applied).as("refused").doesNotContain(n);
        }
      });
      assertThat(reader.complaints).isEmpty();
      unknown += (int) outcomes.values().stream().filter(o -> o == Outcome.UNKNOWN).count();
    }
    assertThat(unknown).as("UNKNOWN outcomes, or the model is too kind").isGreaterThan(50);
  }
}

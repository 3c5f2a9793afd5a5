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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model group of three, at its nastiest and with crashes, keeps what the seam promises. */
final class ModelGroupTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3");
  private static final int SEEDS = 60;
  private static final int ENTRIES = 150;

  @TempDir private Path directory;
  private final Map<String, RecordingReader> readers = new HashMap<>();
  private final Map<String, ModelLog> logs = new HashMap<>();
  private final List<ModelLog> all = new ArrayList<>();
  private int checkpoints;

  private Path checkpointDirectory() {
    try {
      return Files.createDirectory(directory.resolve("checkpoint-" + checkpoints++));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(
      Machine machine, ModelGroup group, Links links, Random random, RecordingReader reader) {
    var site =
        new ModelSite(
            machine.start(),
            links,
            random,
            () -> {},
            () -> {},
            this::checkpointDirectory,
            true,
            Plant.NOTHING);
    var log = new ModelLog(group, site);
    readers.put(machine.nodeId(), reader);
    logs.put(machine.nodeId(), log);
    all.add(log);
    log.start(reader);
  }

  @Test
  void outcomesAreHonestAndReplicasAlike() {
    int unknown = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      all.clear();
      var random = new Random(seed);
      var scheduler = new Scheduler(random);
      var links = new Links(scheduler, random, true);
      var group = new ModelGroup("three", NODES, _ -> {}, _ -> {});
      List<Machine> machines = NODES.stream().map(id -> Machine.exact(id, scheduler)).toList();
      machines.forEach(machine -> start(machine, group, links, random, new RecordingReader()));
      Map<Long, Outcome> outcomes = new HashMap<>();
      for (long n = 0; n < ENTRIES; n++) {
        propose(n, outcomes);
        scheduler.runFor(Duration.ofMillis(random.nextInt(60)));
        if (random.nextInt(20) == 0) {
          Machine crashed = machines.get(random.nextInt(3));
          RecordingReader before = reader(crashed.nodeId());
          crashed.kill();
          scheduler.runFor(Duration.ofMillis(random.nextInt(700)));
          int kept = before.applied.size();
          start(crashed, group, links, random, before.afterCrash(kept));
        }
        if (random.nextInt(10) == 0) {
          log(some(random)).requestCheckpoint(() -> {});
        }
        if (random.nextInt(10) == 0) {
          log(some(random)).transferLeadership(some(random));
        }
      }
      all.forEach(ModelLog::heal);
      scheduler.runFor(Duration.ofSeconds(10));
      check(seed, outcomes);
      unknown += (int) outcomes.values().stream().filter(o -> o == Outcome.UNKNOWN).count();
    }
    assertThat(unknown).as("UNKNOWN outcomes, or the model is too kind").isGreaterThan(20);
  }

  /** To whoever believes to lead, and to all of them. */
  private void propose(long n, Map<Long, Outcome> outcomes) {
    for (String id : NODES) {
      if (log(id).status().role() == ReplicaStatus.Role.LEADS) {
        long mine = n * 3 + NODES.indexOf(id);
        RecordingReader there = reader(id);
        log(id)
            .propose(
                number(mine),
                outcome -> {
                  assertThat(outcomes.put(mine, outcome)).as("first outcome").isNull();
                  if (outcome == Outcome.APPLIED) {
                    assertThat(there.numbers()).as("applied before reported").contains(mine);
                  }
                });
      }
    }
  }

  private void check(int seed, Map<Long, Outcome> outcomes) {
    List<Long> applied = reader("n1").numbers();
    for (String id : NODES) {
      assertThat(reader(id).numbers()).as("seed %d, %s", seed, id).isEqualTo(applied);
      assertThat(reader(id).applied.stream().map(LogEntry::logIndex).toList())
          .isEqualTo(reader("n1").applied.stream().map(LogEntry::logIndex).toList());
    }
    outcomes.forEach((n, outcome) -> {
      switch (outcome) {
        case APPLIED -> assertThat(applied).as("seed %d", seed).contains(n);
        case NOT_APPLIED -> assertThat(applied).as("seed %d", seed).doesNotContain(n);
        case UNKNOWN -> {}
      }
    });
  }

  private static String some(Random random) {
    return NODES.get(random.nextInt(NODES.size()));
  }

  private ModelLog log(String id) {
    return Objects.requireNonNull(logs.get(id), id);
  }

  private RecordingReader reader(String id) {
    return Objects.requireNonNull(readers.get(id), id);
  }
}

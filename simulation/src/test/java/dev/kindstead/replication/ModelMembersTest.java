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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model group whose members change again and again, with crashes and leaders deposed half-way,
 * keeps what the seam promises; its members end alike.
 */
final class ModelMembersTest {
  private static final List<String> FOUNDERS = List.of("n1", "n2", "n3");
  private static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");
  private static final int SEEDS = 40;
  private static final int ENTRIES = 150;

  @TempDir private Path directory;
  private final Map<String, RecordingReader> readers = new HashMap<>();
  private final Map<String, ModelLog> logs = new HashMap<>();
  private final List<ModelLog> all = new ArrayList<>();
  private final Map<String, Integer> probes = new TreeMap<>();
  private int checkpoints;
  private int changed;

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
  void outcomesStayHonestAndMembersAlike() {
    for (int seed = 0; seed < SEEDS; seed++) {
      all.clear();
      var random = new Random(seed);
      var scheduler = new Scheduler(random);
      var links = new Links(scheduler, random, true);
      var group =
          new ModelGroup(
              "moving", FOUNDERS, probe -> probes.merge(probe, 1, Integer::sum), _ -> {});
      List<Machine> machines = NODES.stream().map(id -> Machine.exact(id, scheduler)).toList();
      machines.forEach(machine -> start(machine, group, links, random, new RecordingReader()));
      Map<Long, Outcome> outcomes = new HashMap<>();
      for (long n = 0; n < ENTRIES; n++) {
        propose(n, outcomes);
        scheduler.runFor(Duration.ofMillis(random.nextInt(60)));
        if (random.nextInt(20) == 0) {
          Machine crashed = machines.get(random.nextInt(machines.size()));
          RecordingReader before = reader(crashed.nodeId());
          crashed.kill();
          scheduler.runFor(Duration.ofMillis(random.nextInt(700)));
          start(crashed, group, links, random, before.afterCrash(before.applied.size()));
        }
        if (random.nextInt(10) == 0) {
          log(some(random)).requestCheckpoint(() -> {});
        }
        if (random.nextInt(8) == 0) {
          List<String> shuffled = new ArrayList<>(NODES);
          Collections.shuffle(shuffled, random);
          change(Members.of(shuffled.subList(0, 3)));
        }
      }
      all.forEach(ModelLog::heal);
      scheduler.runFor(Duration.ofSeconds(10));
      check(seed, outcomes);
    }
    assertThat(changed).as("changes that came about").isGreaterThan(SEEDS);
    assertThat(probes)
        .containsKeys(
            "change of members interrupted",
            "election in the middle of a change of members",
            "checkpoint loaded");
  }

  private void change(Members next) {
    for (String id : NODES) {
      log(id).changeMembers(next, whyNot -> changed += whyNot.isEmpty() ? 1 : 0);
    }
  }

  /** To whoever believes to lead, and to all of them. */
  private void propose(long n, Map<Long, Outcome> outcomes) {
    for (String id : NODES) {
      if (log(id).status().role() == ReplicaStatus.Role.LEADS) {
        long mine = n * NODES.size() + NODES.indexOf(id);
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
    String leader =
        NODES.stream()
            .filter(id -> log(id).status().role() == ReplicaStatus.Role.LEADS)
            .reduce((one, other) -> other)
            .orElseThrow(() -> new AssertionError("nobody leads at the end of seed " + seed));
    List<Long> applied = reader(leader).numbers();
    for (String id : log(leader).members().voters()) {
      assertThat(reader(id).numbers()).as("seed %d, %s", seed, id).isEqualTo(applied);
      assertThat(log(id).members()).isEqualTo(log(leader).members());
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

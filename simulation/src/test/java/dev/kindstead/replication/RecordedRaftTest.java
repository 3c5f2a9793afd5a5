package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.simulation.check.LogContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members of a real group, whose leaders go and come back, do what the model may do. */
@Timeout(90)
final class RecordedRaftTest {
  private static final List<String> IDS = List.of("alpha", "beta", "gamma");
  private static final int BURST = 40;
  private static final int CUTS = 300;

  @TempDir private Path directory;
  private final Map<String, ReplicatedLog> logs = new HashMap<>();
  private final Map<String, RecordingReader> readers = new HashMap<>();
  private final Map<Outcome, Integer> outcomes = new ConcurrentHashMap<>();
  private long next;

  private Path records() {
    return directory.resolve("records");
  }

  private void start(String id, RecordingReader reader) {
    var options =
        new RaftLogOptions(
            "group",
            id,
            IDS,
            true,
            directory.resolve(id),
            Durability.SYNC,
            1L << 30,
            1_000_000,
            1L << 30);
    var log = new RecordedLog(new RaftLog(options), LogEventFile.begin(records(), "group", id));
    logs.put(id, log);
    readers.put(id, reader);
    log.start(reader);
  }

  private void stop(String id) {
    Objects.requireNonNull(logs.remove(id)).close();
  }

  @AfterEach
  void closeAll() {
    List.copyOf(logs.keySet()).forEach(this::stop);
  }

  private RecordingReader reader(String id) {
    return Objects.requireNonNull(readers.get(id));
  }

  private String leader() {
    await("a leader", () -> logs.keySet().stream().anyMatch(id -> reader(id).isLeading()));
    return logs.keySet().stream().filter(id -> reader(id).isLeading()).findFirst().orElseThrow();
  }

  /** The leader is asked to hand over in the middle of many proposals; later ones go on. */
  private void burst() {
    int applied = applied();
    propose(Objects.requireNonNull(logs.get(leader()))::resignLeadership);
    await(
        "progress",
        () -> {
          leader();
          propose(() -> {});
          return applied() > applied;
        });
  }

  /** Proposes to all, many at a time; ends when all outcomes are told. */
  private void propose(Runnable halfWay) {
    var ended = new CountDownLatch(BURST * logs.size());
    for (int i = 0; i < BURST; i++) {
      for (ReplicatedLog log : logs.values()) {
        log.propose(RecordingReader.number(next++), outcome -> count(outcome, ended));
      }
      if (i == BURST / 2) {
        halfWay.run();
      }
    }
    await("outcomes", () -> ended.getCount() == 0);
  }

  private int applied() {
    return outcomes.getOrDefault(Outcome.APPLIED, 0);
  }

  private void count(Outcome outcome, CountDownLatch ended) {
    outcomes.merge(outcome, 1, Integer::sum);
    ended.countDown();
  }

  private void live() {
    IDS.forEach(id -> start(id, new RecordingReader()));
    for (int round = 0; round < 4; round++) {
      burst();
      String lost = leader();
      RecordingReader before = reader(lost);
      stop(lost);
      burst();
      // Twice, for the engine cuts its log below the checkpoint before the last.
      logs.values().forEach(ReplicatedLogContract::checkpoint);
      burst();
      logs.values().forEach(ReplicatedLogContract::checkpoint);
      start(
          lost,
          round % 2 == 0
              ? before.afterCrash(before.applied.size() / 2)
              : before.afterCrash(before.applied.size()));
      burst();
    }
    await(
        "level replicas",
        () ->
            readers.values().stream().map(RecordingReader::appliedLogIndex).distinct().count()
                == 1);
  }

  @Test
  void whatARealGroupDoesTheModelMayDo() throws IOException {
    live();
    closeAll();
    List<LogLife> lives = LogEventFile.readAll(records());
    assertThat(LogContract.anomalies(lives)).isEmpty();

    assertThat(lives).hasSize(7).allMatch(LogLife::isWhole);
    assertThat(outcomes).containsKeys(Outcome.APPLIED, Outcome.NOT_APPLIED);
    List<LogEvent> all = lives.stream().flatMap(life -> life.events().stream()).toList();
    assertThat(all).hasAtLeastOneElementOfType(LogEvent.Loaded.class);
    assertThat(all.stream().filter(LogEvent.LeaderStarted.class::isInstance)).hasSizeGreaterThan(4);

    cutOffAnywhere();
    changeAcknowledged(lives);
  }

  /** What a machine that fails may leave of the files. */
  private void cutOffAnywhere() throws IOException {
    var random = new SplittableRandom(7);
    Path cut = Files.createDirectory(directory.resolve("cut"));
    for (int i = 0; i < CUTS; i++) {
      try (var files = Files.list(records())) {
        for (Path file : files.toList()) {
          byte[] bytes = Files.readAllBytes(file);
          int length = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
          Files.write(cut.resolve(file.getFileName()), Arrays.copyOf(bytes, length));
        }
      }
      assertThat(LogContract.anomalies(LogEventFile.readAll(cut))).isEmpty();
    }
  }

  /** The judge is no yes-sayer: of one replica the last entry that was acknowledged is another. */
  private void changeAcknowledged(List<LogLife> lives) {
    for (int which = 0; which < lives.size(); which++) {
      LogLife life = lives.get(which);
      var events = new ArrayList<>(life.events());
      int last = events.size() - 1;
      while (!(events.get(last) instanceof LogEvent.Applied)) {
        last--;
      }
      var entry = (LogEvent.Applied) events.get(last);
      events.set(last, new LogEvent.Applied(entry.logIndex(), entry.term(), ~entry.hash()));
      var changed = new ArrayList<>(lives);
      changed.set(
          which, new LogLife(life.group(), life.nodeId(), life.number(), life.isWhole(), events));
      assertThat(LogContract.anomalies(changed)).isNotEmpty();
    }
  }
}

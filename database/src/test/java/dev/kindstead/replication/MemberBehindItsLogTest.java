package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A member comes back when the others have cut what it lacks from their logs. */
@org.junit.jupiter.api.Timeout(120)
final class MemberBehindItsLogTest {
  private static final long SILENCE_NANOS = 1_000_000_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private ReplicaGroup group;

  @SuppressWarnings("NullAway.Init")
  private String behind;

  @BeforeEach
  void leaveOneBehind() {
    group = new ReplicaGroup(directory);
    ReplicaGroup.IDS.forEach(group::start);
    group.commitAndCutLogs(0, 10);
    group.awaitSameEverywhere();
    behind = group.follower();
    group.stop(behind);
    group.commitAndCutLogs(10, 40);
  }

  @AfterEach
  void closeGroup() {
    group.close();
  }

  @Test
  void withItsOldDirectory() {
    group.start(behind);
    group.awaitSameEverywhere();
    assertThat(group.home(behind).resolve("store.generation-2")).isDirectory();
    goOn();
  }

  @Test
  void withAnEmptyDirectory() throws IOException {
    delete(group.home(behind));
    group.start(behind);
    group.awaitSameEverywhere();
    assertThat(group.home(behind).resolve("store.generation-2")).isDirectory();
    goOn();
  }

  /** The state is loaded, the checkpoint is there; the log is as it was. */
  @Test
  void afterACrashBeforeItsLogWasCut() throws IOException {
    Path checkpoint = lastCheckpoint(group.running.keySet().iterator().next());
    Path received = group.home(behind).resolve("checkpoint").resolve(checkpoint.getFileName());
    copy(checkpoint, received);
    var member = group.new Member(behind);
    member.replica.loadCheckpoint(received.resolve("state"));
    member.store.close();
    group.start(behind);
    group.awaitSameEverywhere();
    goOn();
  }

  /** A bit flips on the way: nothing of it is loaded, and the leader tries again. */
  @Test
  void damageOnTheWayIsRefused() throws IOException {
    Map<Path, byte[]> sound = damageCheckpoints();
    var refusals = new ListAppender<ILoggingEvent>();
    refusals.start();
    var logger = (Logger) LoggerFactory.getLogger(RaftCheckpointStorage.class);
    logger.addAppender(refusals);
    try {
      var member = group.start(behind);
      long applied = member.replica.appliedLogIndex();
      await("two refusals", () -> List.copyOf(refusals.list).size() >= 2);
      assertThat(refusals.list.getFirst().getThrowableProxy().getMessage())
          .contains(".sst", "corrupt");
      assertThat(member.replica.appliedLogIndex()).isEqualTo(applied);
      assertThat(member.failure).isNull();
      assertThat(group.home(behind).resolve("store.generation-2")).doesNotExist();
      for (var file : sound.entrySet()) {
        Files.write(file.getKey(), file.getValue());
      }
      group.awaitSameEverywhere();
    } finally {
      logger.detachAppender(refusals);
    }
    goOn();
  }

  /** Else a new oracle would not wait for the lease that an entry in the checkpoint granted. */
  @Test
  void aCheckpointCountsAsEntriesTaken() throws IOException {
    Map<Path, byte[]> sound = damageCheckpoints();
    var member = group.start(behind);
    await("a silence", () -> member.log.quietNanos() > SILENCE_NANOS);
    long mended = System.nanoTime();
    for (var file : sound.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    group.awaitSameEverywhere();
    await(
        "a log that begins anew, just after the state is loaded",
        () -> member.log.quietNanos() <= System.nanoTime() - mended);
  }

  /** The member takes entries, restarts and checkpoints like any other. */
  private void goOn() {
    group.commit(40);
    group.awaitSameEverywhere();
    group.stop(behind);
    group.commit(41);
    group.start(behind);
    group.awaitSameEverywhere();
    assertThat(group.home(behind).resolve("store.generation-2")).doesNotExist();
    group.commitAndCutLogs(42, 50);
    group.awaitSameEverywhere();
    group.stop(behind);
    group.start(behind);
    group.awaitSameEverywhere();
    group.running.values().forEach(member -> assertThat(member.failure).isNull());
  }

  /** In the checkpoint only: the file is a link to one of the running store's. */
  private Map<Path, byte[]> damageCheckpoints() throws IOException {
    var sound = new HashMap<Path, byte[]>();
    for (String id : group.running.keySet()) {
      for (Path file : files(lastCheckpoint(id))) {
        if (file.toString().endsWith(".sst")) {
          byte[] bytes = Files.readAllBytes(file);
          sound.put(file, bytes.clone());
          bytes[bytes.length / 2] ^= 0x10;
          Files.delete(file);
          Files.write(file, bytes);
          break;
        }
      }
    }
    assertThat(sound).hasSize(group.running.size());
    return sound;
  }

  private Path lastCheckpoint(String id) throws IOException {
    Path parent = group.home(id).resolve("checkpoint");
    return parent.resolve("snapshot_" + RaftCheckpoint.lastFinished(parent));
  }

  private static List<Path> files(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      return new ArrayList<>(files.sorted().toList());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(RaftFiles.parentOf(to));
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }

  private static void delete(Path tree) throws IOException {
    for (Path file : files(tree).reversed()) {
      Files.delete(file);
    }
  }
}

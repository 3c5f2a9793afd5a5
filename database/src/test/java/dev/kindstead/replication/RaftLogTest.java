package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaftLogTest extends ReplicatedLogContract {
  @Override
  ReplicatedLog newLog() {
    return new RaftLog(RaftLogOptions.single("g", "n1", directory, Durability.SYNC));
  }

  @Override
  boolean keepsEntries() {
    return true;
  }

  @Test
  void checkpointsComeByThemselves() throws IOException {
    var reader = new RecordingReader();
    var options =
        new RaftLogOptions(
            "g", "n1", List.of("n1"), true, directory, Durability.SYNC, 1 << 20, 100, 1 << 30);
    try (var log = new RaftLog(options)) {
      log.start(reader);
      await("leadership", () -> reader.leaderTerm > 0);
      for (int round = 1; round <= 3; round++) {
        int before = reader.checkpointsSaved;
        fill(log, round * 1_000L, round * 1_000L + 150);
        await("a checkpoint", () -> proposeAndSee(log, reader, before));
      }
    }
    assertThat(RaftCheckpoint.lastFinished(directory.resolve("checkpoint"))).isPositive();
  }

  /**
   * A node that has joined knows who votes in the cluster. Where its log of a group is empty, it
   * must not take these for the group's beginning: with others that never had the group it would
   * found a second one.
   */
  @Test
  void whoHasJoinedBeginsNoGroup() throws InterruptedException {
    var reader = new RecordingReader();
    var options = RaftLogOptions.of("g", "n1", List.of("n1"), directory, Durability.SYNC).joining();
    try (var log = new RaftLog(options)) {
      log.start(reader);
      Thread.sleep(2_000); // several election timeouts
      assertThat(reader.leaderTerm).isZero();
      assertThat(log.leader()).isEmpty();
    }
  }

  private static boolean proposeAndSee(ReplicatedLog log, RecordingReader reader, int before) {
    fill(log, 0, 1);
    return reader.checkpointsSaved > before;
  }

  @Test
  void damagedCheckpointIsNamedAndNotLoaded() throws IOException {
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    fill(log, 0, 20);
    checkpoint(log);
    log.close();
    Path file = find("entries");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    RecordingReader emptied = first.afterCrash(0);
    assertThatThrownBy(() -> open(emptied)).hasMessageContaining("did not start");
    assertThat(emptied.checkpointsLoaded).isZero();

    RecordingReader whole = first.afterCrash(20);
    log = openLeading(whole);
    fill(log, 20, 21);
  }

  @Test
  void aVoteThatCantBeSavedPreventsTheStart() throws IOException {
    Path obstacle = Files.createDirectories(directory.resolve("vote.new"));
    var reader = new RecordingReader();
    ReplicatedLog log = newLog();
    assertThatThrownBy(() -> log.start(reader))
        .hasRootCauseInstanceOf(FileSystemException.class)
        .hasStackTraceContaining("vote.new");
    assertThat(propose(log, 1).join()).isEqualTo(Outcome.NOT_APPLIED);
    log.close();
    assertThat(reader.leaderTerm).isZero();
    Files.delete(obstacle);
    fill(openLeading(new RecordingReader()), 0, 5);
  }

  @Test
  void damagedVoteIsNamed() throws IOException {
    openLeading(new RecordingReader()).close();
    Path vote = directory.resolve("vote");
    byte[] bytes = Files.readAllBytes(vote);
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 4;
      Files.write(vote, damaged);
      assertThatThrownBy(() -> RaftVoteFile.read(vote))
          .isInstanceOf(CorruptLogException.class)
          .hasMessageContaining(vote.toString());
    }
    assertThatThrownBy(() -> open(new RecordingReader())).isInstanceOf(CorruptLogException.class);
  }

  @Test
  void namesMembersByIdAndNeverByAddress() throws IOException {
    ReplicatedLog log = openLeading(new RecordingReader());
    fill(log, 0, 1);
    checkpoint(log);
    assertThat(RaftVoteFile.read(directory.resolve("vote")).nodeId()).isEqualTo("n1");
    assertThat(RaftNetwork.peer("n1").toString()).isEqualTo("n1:1");
  }

  private Path find(String name) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }
}

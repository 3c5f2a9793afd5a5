package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static dev.kindstead.replication.ReplicatedLogContract.barrier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.SmallDisk;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails in the middle of an append: here a small file system that is full. */
@Timeout(60)
class FullDiskTest {
  private static final int ENTRY_BYTES = 50_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private RaftLog start(RecordingReader reader) {
    var log =
        new RaftLog(RaftLogOptions.single("g", "n1", directory.resolve("group"), Durability.SYNC));
    log.start(reader);
    await("leadership", () -> reader.leaderTerm > 0);
    return log;
  }

  private static Outcome propose(ReplicatedLog log, long number) {
    var ended = new CompletableFuture<Outcome>();
    log.propose(ByteBuffer.allocate(ENTRY_BYTES).putLong(0, number).array(), ended::complete);
    return ended.join();
  }

  @Test
  void stopsAndAcknowledgesNothingMore() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, "2m")) {
      var reader = new RecordingReader();
      RaftLog log = start(reader);
      long acknowledged = 0;
      Outcome outcome;
      while ((outcome = propose(log, acknowledged)) == Outcome.APPLIED) {
        acknowledged++;
      }
      assertThat(acknowledged).isPositive();
      assertThat(outcome).isEqualTo(Outcome.UNKNOWN);
      await("the failure", () -> reader.failure != null);
      assertThat(reader.failure).isInstanceOf(IOException.class);
      disk.grow("64m");
      for (int again = 0; again < 3; again++) {
        assertThat(propose(log, acknowledged)).isEqualTo(Outcome.NOT_APPLIED);
        assertThat(barrier(log)).isFalse();
      }
      assertThat(reader.numbers()).hasSize((int) acknowledged);
      log.close();

      RecordingReader restarted = reader.afterCrash(0);
      log = start(restarted);
      assertThat(restarted.numbers()).startsWith(reader.numbers().toArray(Long[]::new));
      assertThat(propose(log, 1_000)).isEqualTo(Outcome.APPLIED);
      log.close();
    }
  }
}

package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static dev.kindstead.replication.ReplicatedLogContract.barrier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "kindstead-test", directory.toString());
    assumeTrue(mounted, "skipped: mounting a small file system needs root");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", directory.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

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
    assertThat(run("mount", "-o", "remount,size=64m", directory.toString())).isTrue();
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

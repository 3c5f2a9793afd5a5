package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogId;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is acknowledged, or voted, was synced before. A test can't cut the power, and without that
 * what the page cache holds looks as if it were on disk; so the JVM's own flight recorder tells
 * what it has synced.
 */
final class AcknowledgedUnsyncedTest {
  private static final String SYNC = "jdk.FileForce";
  private static final int ENTRIES = 5;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private interface Step {
    void run() throws IOException;
  }

  /** The files that are synced during a step, once for each time. */
  private List<String> syncedDuring(Step step) throws IOException {
    Path file = directory.resolve("recording.jfr");
    try (var recording = new Recording()) {
      recording.enable(SYNC).withThreshold(Duration.ZERO).withoutStackTrace();
      recording.start();
      step.run();
      recording.stop();
      recording.dump(file);
    }
    List<String> synced =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals(SYNC))
            .map(event -> event.getString("path"))
            .toList();
    Files.delete(file);
    return synced;
  }

  @Test
  void entries() throws IOException {
    Path group = directory.resolve("group");
    var reader = new RecordingReader();
    try (var log = new RaftLog(RaftLogOptions.single("g", "n1", group, Durability.SYNC))) {
      log.start(reader);
      await("leadership", () -> reader.leaderTerm > 0);
      List<String> synced =
          syncedDuring(() -> {
            for (int i = 0; i < ENTRIES; i++) {
              assertThat(propose(log, i)).isEqualTo(Outcome.APPLIED);
            }
          });
      // One entry after the other was awaited, so none can have shared a sync.
      assertThat(synced)
          .filteredOn(path -> path.endsWith(".log"))
          .hasSizeGreaterThanOrEqualTo(ENTRIES);
    }
  }

  private static Outcome propose(ReplicatedLog log, long number) {
    var ended = new CompletableFuture<Outcome>();
    log.propose(ByteBuffer.allocate(16).putLong(0, number).array(), ended::complete);
    return ended.join();
  }

  @Test
  void votesAndSegments() throws IOException {
    Path file = directory.resolve("vote");
    List<String> synced = syncedDuring(() -> RaftFiles.replace(file, new byte[] {1, 2, 3}));
    // The content before it gets its name, the name before anybody relies on it.
    assertThat(synced).containsExactly(file + ".new", directory.toString());
  }

  @Test
  void whatIsTakenBack() throws IOException {
    RaftSegment segment = RaftSegment.create(directory, 1, 1);
    assertThat(syncedDuring(() -> segment.truncateTo(RaftSegment.HEADER_BYTES)))
        .containsExactly(segment.file.toString());
    segment.close();
  }

  /** Between the two a power cut would leave segments that do not follow what is before them. */
  @Test
  void whatIsTakenBackOverSeveralSegments() throws IOException {
    RaftSegment first = RaftSegment.create(directory, 1, 1);
    first.close();
    RaftSegmentLog log = open(Durability.RELAXED);
    var entry = new com.alipay.sofa.jraft.entity.LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(1, 1));
    entry.setData(ByteBuffer.allocate(10));
    assertThat(log.appendEntry(entry)).isTrue();
    log.shutdown();
    RaftSegment.create(directory, 1, 2).close();
    RaftSegmentLog both = open(Durability.SYNC);
    assertThat(syncedDuring(() -> assertThat(both.truncateSuffix(0)).isTrue()))
        .containsExactly(directory.toString(), first.file.toString());
    both.shutdown();
  }

  private RaftSegmentLog open(Durability durability) throws IOException {
    var options = RaftLogOptions.single("g", "n1", directory, durability);
    var synced = new RaftSynced(() -> {}, RaftSynced.LOOK_MILLIS);
    var machine = new RaftStateMachine(options, new RecordingReader(), done -> {}, synced);
    boolean sync = durability == Durability.SYNC;
    return RaftSegmentLog.open(
        directory, sync, new RaftSegmentLoading(sync, 0, 0, 0), machine, synced);
  }
}

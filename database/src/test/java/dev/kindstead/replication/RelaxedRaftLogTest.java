package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.replication.RaftLogOptions.Durability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** The contract without syncing, and what a power cut leaves of it. */
class RelaxedRaftLogTest extends ReplicatedLogContract {
  @Override
  ReplicatedLog newLog() {
    return new RaftLog(RaftLogOptions.single("g", "n1", directory, Durability.RELAXED));
  }

  @Override
  boolean keepsEntries() {
    return true;
  }

  /** New entries must not get indexes that the store would skip as applied. */
  @Test
  void goesOnAboveAStoreThatKeptMoreThanTheLog() throws IOException {
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    fill(log, 0, 40);
    log.close();
    cutLog(200);
    RecordingReader second = first.afterCrash(40);
    log = openLeading(second);
    fill(log, 40, 50);
    assertThat(second.numbers()).isEqualTo(range(0, 50));
    assertThat(second.complaints).isEmpty();
  }

  @Test
  void goesOnAboveACheckpointThatKeptMoreThanTheLog() throws IOException {
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    fill(log, 0, 40);
    checkpoint(log);
    fill(log, 40, 45);
    log.close();
    cutLog(900);
    RecordingReader second = first.afterCrash(45);
    log = openLeading(second);
    fill(log, 45, 50);
    assertThat(second.numbers()).isEqualTo(range(0, 50));
    log.close();
    RecordingReader third = second.afterCrash(0);
    openLeading(third);
    assertThat(third.numbers()).containsAll(range(0, 40)).containsAll(range(45, 50));
    assertThat(third.complaints).isEmpty();
  }

  @Test
  void aSyncedLogRefusesAStoreThatIsAhead() throws IOException {
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    fill(log, 0, 40);
    log.close();
    cutLog(200);
    var synced = new RaftLog(RaftLogOptions.single("g", "n1", directory, Durability.SYNC));
    RecordingReader second = first.afterCrash(40);
    assertThatThrownBy(() -> synced.start(second))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(".log");
  }

  private void cutLog(int bytes) throws IOException {
    Path file = SegmentFiles.last(directory.resolve("log"));
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(Math.max(150, channel.size() - bytes));
    }
  }
}

package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A torn end is cut, everything else is named: ten records, the last three never synced. */
class DamagedLogTest {
  private static final int SYNCED = 7;
  private static final int RECORDS = 10;
  private static final int RECORD_BYTES = RaftRecord.HEADER_BYTES + Long.BYTES;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private byte[] whole = {};

  @BeforeEach
  void writeSegment() throws IOException {
    try (RaftSegment segment = RaftSegment.create(directory, 1, 1)) {
      for (int n = 1; n <= RECORDS; n++) {
        append(segment, n, Math.min(n - 1, SYNCED));
      }
    }
    whole = Files.readAllBytes(SegmentFiles.last(directory));
  }

  private static void append(RaftSegment segment, long logIndex, long synced) throws IOException {
    var record = new RaftRecord(logIndex, 3, synced, (byte) 1, ByteBuffer.wrap(number(logIndex)));
    ByteBuffer bytes = ByteBuffer.allocate(record.bytes());
    record.putHeader(bytes);
    int start = segment.size();
    segment.write(bytes.put(record.payload().duplicate()).flip());
    segment.publish(start);
  }

  private List<Long> load(long appliedLogIndex) throws IOException {
    return load(appliedLogIndex, 0);
  }

  private List<Long> load(long appliedLogIndex, long checkpointLogIndex) throws IOException {
    var found = new ArrayList<Long>();
    var loading = new RaftSegmentLoading(true, appliedLogIndex, checkpointLogIndex, 3);
    for (RaftSegment segment :
        loading.load(directory, record -> found.add(record.payload().getLong(0)))) {
      segment.close();
    }
    return found;
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(SegmentFiles.last(directory), bytes);
  }

  private static int start(int record) {
    return RaftSegment.HEADER_BYTES + (record - 1) * RECORD_BYTES;
  }

  @Test
  void everyCutLeavesTheRecordsBeforeIt() throws IOException {
    for (int length = RaftSegment.HEADER_BYTES; length <= whole.length; length++) {
      write(java.util.Arrays.copyOf(whole, length));
      int left = (length - RaftSegment.HEADER_BYTES) / RECORD_BYTES;
      assertThat(load(0)).as("cut at %d", length).hasSize(left);
      assertThat(Files.size(SegmentFiles.last(directory))).isEqualTo(start(left + 1));
    }
  }

  @Test
  void aCutBelowWhatTheStoreHasIsNamed() throws IOException {
    write(java.util.Arrays.copyOf(whole, start(RECORDS) + 5));
    assertThatThrownBy(() -> load(RECORDS))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("at byte " + start(RECORDS))
        .hasMessageContaining(".log");
    assertThat(load(RECORDS - 1)).hasSize(RECORDS - 1);
  }

  @Test
  void everyFlippedByteIsNamedOrCutAsUnsynced() throws IOException {
    var random = new Random(5);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      write(damaged);
      int record = at < RaftSegment.HEADER_BYTES ? 0 : (at - start(1)) / RECORD_BYTES + 1;
      if (record <= SYNCED) {
        assertThatThrownBy(() -> load(0))
            .as("byte %d of record %d", at, record)
            .isInstanceOf(CorruptLogException.class)
            .hasMessageContaining("at byte " + (record == 0 ? 0 : start(record)));
      } else {
        assertThat(load(0)).as("byte %d of record %d", at, record).hasSize(record - 1);
      }
    }
  }

  @Test
  void garbageBehindTheEndIsCut() throws IOException {
    byte[] longer = java.util.Arrays.copyOf(whole, whole.length + 10_000);
    new Random(6).nextBytes(longer);
    System.arraycopy(whole, 0, longer, 0, whole.length);
    write(longer);
    assertThat(load(RECORDS)).hasSize(RECORDS);
    assertThat(Files.readAllBytes(SegmentFiles.last(directory))).isEqualTo(whole);
  }

  @Test
  void roomWrittenAheadIsNoDamage() throws IOException {
    try (RaftSegment segment = RaftSegment.create(directory, 1, 1)) {
      segment.reserve(RECORD_BYTES);
      append(segment, 1, 0);
      assertThat(Files.size(SegmentFiles.last(directory))).isGreaterThan(start(2));
      segment.reserve(RECORD_BYTES);
      append(segment, 2, 1);
    }
    assertThat(load(2)).containsExactly(1L, 2L);
    assertThat(Files.size(SegmentFiles.last(directory))).isEqualTo(start(3));
  }

  /** A log that is behind its store is refused or continued like one without room. */
  @Test
  void roomIsNotTakenForDamageOfWhatTheStoreHas() throws IOException {
    try (RaftSegment segment = RaftSegment.create(directory, 1, 1)) {
      segment.reserve(RECORD_BYTES);
      append(segment, 1, 0);
    }
    byte[] room = Files.readAllBytes(SegmentFiles.last(directory));
    assertThatThrownBy(() -> load(2)).hasMessageContaining("the log ends at entry 1");
    write(room);
    assertThat(load(2, 2)).containsExactly(1L);
  }

  @Test
  void aCompletedSegmentHasNoRoomBehindIt() throws IOException {
    try (RaftSegment segment = RaftSegment.create(directory, 1, 1)) {
      segment.reserve(RECORD_BYTES + RaftSegment.RESERVE_BYTES);
      append(segment, 1, 0);
      segment.complete();
    }
    RaftSegment.create(directory, 1, 2).close();
    assertThat(load(1)).containsExactly(1L);
  }

  @Test
  void aRecordTornInTheRoomIsCutAndADamagedOneNamed() throws IOException {
    byte[] longer = java.util.Arrays.copyOf(whole, whole.length + RaftSegment.RESERVE_BYTES);
    java.util.Arrays.fill(longer, whole.length - 5, whole.length, (byte) 0);
    write(longer);
    assertThat(load(0)).hasSize(RECORDS - 1);
    java.util.Arrays.fill(longer, start(SYNCED), start(SYNCED + 1), (byte) 0);
    write(longer);
    assertThatThrownBy(() -> load(0)).hasMessageContaining("at byte " + start(SYNCED));
  }

  @Test
  void aMissingSegmentIsNamed() throws IOException {
    RaftSegment.create(directory, 1, RECORDS + 5).close();
    assertThatThrownBy(() -> load(0))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("entries 11 to 14 are missing before it");
  }

  @Test
  void aDamagedRecordBeforeAnotherSegmentIsNamed() throws IOException {
    write(java.util.Arrays.copyOf(whole, whole.length - 1));
    RaftSegment.create(directory, 1, RECORDS).close();
    assertThatThrownBy(() -> load(0))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("damaged record before others");
  }

  @Test
  void anOlderGenerationIsVoid() throws IOException {
    RaftSegment.create(directory, 2, 100).close();
    assertThat(load(0)).isEmpty();
    assertThat(Files.exists(directory.resolve("0000000001-00000000000000000001.log"))).isFalse();
  }

  /** The store was loaded from a leader's checkpoint, and a crash kept the log from being cut. */
  @Test
  void aLogBelowStoreAndCheckpointGoesOnAboveThem() throws IOException {
    assertThatThrownBy(() -> load(100, 99)).hasMessageContaining("ends at entry 10");
    load(100, 101);
    Path segment = SegmentFiles.last(directory);
    assertThat(segment.getFileName().toString()).contains("00102");
    assertThat(load(100, 101)).isEmpty();
  }
}

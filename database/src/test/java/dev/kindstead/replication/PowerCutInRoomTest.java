package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A power cut while records take the place of zeros: any sectors of what was not synced may be on
 * disk, in any order, and the others hold zeros still. What was synced is there, what was not is
 * cut, and the log goes on.
 */
class PowerCutInRoomTest {
  private static final int SECTOR_BYTES = 512;
  private static final int CRASHES = 40;
  private static final int PAYLOAD_BYTES_MAX = 5_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private long synced;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasSyncedIsThereAndTheRestIsCut(long seed) throws IOException {
    var random = new Random(seed);
    RaftSegment.create(directory, 1, 1).close();
    for (int crash = 0; crash < CRASHES; crash++) {
      RaftSegment segment = load();
      for (int batch = random.nextInt(4); batch > 0; batch--) {
        append(segment, random);
        segment.sync();
        synced = segment.lastLogIndex();
      }
      byte[] before = Files.readAllBytes(segment.file);
      int end = segment.size();
      append(segment, random);
      segment.close();
      tear(segment.file, before, end, random);
    }
    load().close();
  }

  /** A few records, as one step of the log's thread does it. */
  private void append(RaftSegment segment, Random random) throws IOException {
    int records = 1 + random.nextInt(4);
    for (int n = 0; n < records; n++) {
      long logIndex = segment.lastLogIndex() + 1;
      byte[] payload =
          Arrays.copyOf(number(logIndex), Long.BYTES + random.nextInt(PAYLOAD_BYTES_MAX));
      random.nextBytes(ByteBuffer.wrap(payload).array());
      System.arraycopy(number(logIndex), 0, payload, 0, Long.BYTES);
      var record = new RaftRecord(logIndex, 3, synced, (byte) 1, ByteBuffer.wrap(payload));
      ByteBuffer bytes = ByteBuffer.allocate(record.bytes());
      record.putHeader(bytes);
      segment.reserve(record.bytes());
      int start = segment.size();
      segment.write(bytes.put(payload).flip());
      segment.publish(start);
    }
  }

  /**
   * @param before what the file had when it was synced last; it is zeros from {@code end} on
   */
  private static void tear(Path file, byte[] before, int end, Random random) throws IOException {
    byte[] after = Files.readAllBytes(file);
    byte[] torn = Arrays.copyOf(before, after.length);
    int percent = random.nextInt(101);
    for (int at = end / SECTOR_BYTES * SECTOR_BYTES; at < after.length; at += SECTOR_BYTES) {
      if (random.nextInt(100) < percent) {
        System.arraycopy(after, at, torn, at, Math.min(SECTOR_BYTES, after.length - at));
      }
    }
    // Of a length that was not synced, any part may be there.
    int least = before.length;
    Files.write(file, Arrays.copyOf(torn, least + random.nextInt(after.length - least + 1)));
  }

  private RaftSegment load() throws IOException {
    List<Long> found = new ArrayList<>();
    // Entries are applied when they are synced.
    List<RaftSegment> segments =
        new RaftSegmentLoading(true, synced, 0, 3)
            .load(directory, record -> found.add(record.payload().getLong(0)));
    assertThat(segments).hasSize(1);
    RaftSegment segment = segments.getFirst();
    assertThat(found).hasSizeGreaterThanOrEqualTo((int) synced);
    for (int n = 0; n < found.size(); n++) {
      assertThat(found.get(n)).isEqualTo(n + 1);
    }
    assertThat(Files.size(segment.file)).isEqualTo(segment.size());
    synced = segment.lastLogIndex();
    return segment;
  }
}

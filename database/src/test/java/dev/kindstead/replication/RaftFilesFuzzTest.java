package dev.kindstead.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.AnyBytes.Reading;
import dev.kindstead.Corpus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A replica's files: any bytes are what they should be or corrupt. Each input is read as it is and
 * with its checksums mended, without which almost none would get past them.
 */
final class RaftFilesFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptLogException.class);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private <T> void readFile(String name, byte[] bytes, Reading<T> reading) throws IOException {
    Files.write(directory.resolve(name), bytes);
    BYTES.read(bytes, reading);
  }

  static Stream<byte[]> votes() {
    return Stream.of(
        RaftVoteFile.encode(RaftVoteFile.Vote.NONE),
        RaftVoteFile.encode(new RaftVoteFile.Vote(7, "node-1")));
  }

  @MethodSource("votes")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void vote(byte[] bytes) throws IOException {
    readFile("vote", bytes, _ -> RaftVoteFile.read(directory.resolve("vote")));
    if (bytes.length >= Integer.BYTES) {
      byte[] mended = bytes.clone();
      int end = mended.length - Integer.BYTES;
      ByteBuffer.wrap(mended).putInt(end, crc(mended, 0, end));
      readFile("vote", mended, _ -> RaftVoteFile.read(directory.resolve("vote")));
    }
  }

  static Stream<byte[]> manifests() {
    return Stream.of(
            "kindstead-checkpoint 1\nlogIndex 4711\nfile 67108864 0a1b2c3d 000012.sst\n",
            "kindstead-checkpoint 1\nlogIndex 0\nfile 0 00000000 store/a b\nfile 1 ffffffff ../x\n")
        .map(text -> text.getBytes(UTF_8));
  }

  /** The state beside it is empty, so that a manifest that names a file is found wrong at last. */
  @MethodSource("manifests")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void manifest(byte[] bytes) throws IOException {
    RaftCheckpoint.emptyStateDirectory(directory);
    readFile(RaftCheckpoint.MANIFEST, bytes, _ -> manifest());
    byte[] lastLine = "crc32c %08x\n".formatted(crc(bytes, 0, bytes.length)).getBytes(UTF_8);
    byte[] whole =
        ByteBuffer.allocate(bytes.length + lastLine.length).put(bytes).put(lastLine).array();
    readFile(RaftCheckpoint.MANIFEST, whole, _ -> manifest());
  }

  private RaftCheckpoint manifest() throws IOException {
    RaftCheckpoint checkpoint = RaftCheckpoint.open(directory);
    checkpoint.verify();
    return checkpoint;
  }

  /** Of the kinds 1 to 3 and one of a later version. */
  static Stream<byte[]> segments() {
    return Stream.of(1, 2, 3, 4)
        .map(kind -> {
          byte[] payload =
              kind == 2 ? new byte[] {0, 1, 0, 1, 'a', 0, 0, 0, 0, 0, 0} : new byte[kind];
          ByteBuffer segment = ByteBuffer.allocate(RaftSegment.HEADER_BYTES + 200);
          segment.putLong(0x4B53_4C4F_4700_0001L).putInt(1).putLong(1).putInt(0);
          for (int n = 1; n <= 3; n++) {
            var record = new RaftRecord(n, 3, n - 1, (byte) (int) kind, ByteBuffer.wrap(payload));
            record.putHeader(segment);
            segment.put(payload);
          }
          return Arrays.copyOf(segment.array(), segment.position());
        });
  }

  @MethodSource("segments")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void segment(byte[] bytes) throws IOException {
    String name = "%010d-%020d.log".formatted(1, 1);
    readFile(name, bytes, _ -> load());
    readFile(name, mended(bytes), _ -> load());
  }

  private int load() throws IOException {
    var segments =
        new RaftSegmentLoading(true, 0, 0, 3).load(directory, record -> record.toEntry());
    for (RaftSegment segment : segments) {
      segment.delete();
    }
    return segments.size();
  }

  private static byte[] mended(byte[] bytes) {
    byte[] mended = bytes.clone();
    ByteBuffer in = ByteBuffer.wrap(mended);
    int checksumAt = RaftSegment.HEADER_BYTES - Integer.BYTES;
    if (mended.length >= RaftSegment.HEADER_BYTES) {
      in.putInt(checksumAt, crc(mended, 0, checksumAt));
    }
    int at = RaftSegment.HEADER_BYTES;
    while (mended.length - at >= RaftRecord.HEADER_BYTES) {
      int payload = in.getInt(at + Integer.BYTES);
      if (payload < 0 || payload > mended.length - at - RaftRecord.HEADER_BYTES) {
        break;
      }
      int bytesChecked = RaftRecord.HEADER_BYTES - Integer.BYTES + payload;
      in.putInt(at, crc(mended, at + Integer.BYTES, bytesChecked));
      at += RaftRecord.HEADER_BYTES + payload;
    }
    return mended;
  }

  private static int crc(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}

package dev.kindstead.replication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * One file of the log: a header and consecutive records. Format: docs/formats/log-segments.md.
 *
 * <p>Thread rule: one thread writes; {@link #read} from any, of records already {@link #publish}ed,
 * under the owner's lock.
 */
final class RaftSegment implements Closeable {
  static final int HEADER_BYTES = 24;

  /** Zeros written ahead at a time. */
  static final int RESERVE_BYTES = 256 << 10;

  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(RESERVE_BYTES).asReadOnlyBuffer();

  private static final long MAGIC_AND_VERSION = 0x4B53_4C4F_4700_0001L; // "KSLOG", version 1

  final Path file;
  final int generation;
  final long firstLogIndex;
  private final FileChannel channel;
  private int[] positions = new int[64];
  private int records;

  /** Bytes written, published or not. */
  private int size = HEADER_BYTES;

  /** Where the zeros end that were written ahead, if behind {@link #size}. */
  private int reservedUntil;

  private RaftSegment(Path file, int generation, long firstLogIndex) throws IOException {
    this.file = file;
    this.generation = generation;
    this.firstLogIndex = firstLogIndex;
    this.channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
            .position(HEADER_BYTES);
  }

  /** An empty segment, which is there after a crash. */
  static RaftSegment create(Path directory, int generation, long firstLogIndex) throws IOException {
    Path file = directory.resolve("%010d-%020d.log".formatted(generation, firstLogIndex));
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(MAGIC_AND_VERSION).putInt(generation).putLong(firstLogIndex);
    RaftFiles.replace(file, header.putInt(headerChecksum(header)).array());
    return new RaftSegment(file, generation, firstLogIndex);
  }

  /** A segment whose records are yet to be scanned. */
  static RaftSegment open(Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      RaftFiles.readFully(channel, header, 0);
    }
    if (header.hasRemaining()
        || header.getLong(0) != MAGIC_AND_VERSION
        || header.getInt(20) != headerChecksum(header)) {
      throw new CorruptLogException(file, 0, "not a log segment of version 1");
    }
    return new RaftSegment(file, header.getInt(8), header.getLong(12));
  }

  private static int headerChecksum(ByteBuffer header) {
    var crc = new CRC32C();
    crc.update(header.array(), 0, HEADER_BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }

  long lastLogIndex() {
    return firstLogIndex + records - 1;
  }

  int size() {
    return size;
  }

  /**
   * Reads record after record until the end or the first that is not sound.
   *
   * @return the position of the end or of that record
   */
  int scan(Consumer<RaftRecord> each) throws IOException {
    long length = channel.size();
    ByteBuffer header = ByteBuffer.allocate(RaftRecord.HEADER_BYTES);
    while (size < length) {
      RaftFiles.readFully(channel, header.clear(), size);
      int payload = header.hasRemaining() ? -1 : RaftRecord.payloadBytes(header.flip());
      if (payload < 0 || size + RaftRecord.HEADER_BYTES + (long) payload > length) {
        break;
      }
      RaftRecord record = RaftRecord.read(bytes(size, RaftRecord.HEADER_BYTES + payload));
      if (record == null) {
        break;
      }
      if (record.logIndex() != lastLogIndex() + 1) {
        throw new CorruptLogException(file, size, "entry " + record.logIndex() + " out of place");
      }
      if (!record.isReadable()) {
        throw new CorruptLogException(
            file, size, "entry " + record.logIndex() + " is none that this version knows");
      }
      each.accept(record);
      publish(size);
      size += record.bytes();
    }
    channel.position(size);
    return size;
  }

  /** Everything from {@code position} on: at most what two crashes can leave, or a damaged file. */
  ByteBuffer rest(int position) throws IOException {
    return bytes(position, (int) (channel.size() - position));
  }

  /** Cuts the records from {@code logIndex} on, durably. */
  void truncate(long logIndex) throws IOException {
    int keep = (int) (logIndex - firstLogIndex);
    truncateTo(keep < records ? positions[keep] : size);
    records = Math.min(records, keep);
  }

  /** Cuts the bytes from {@code position} on, durably. */
  void truncateTo(int position) throws IOException {
    channel.truncate(position);
    channel.force(true);
    channel.position(position);
    size = position;
    reservedUntil = position;
  }

  /**
   * Writes zeros ahead unless there is room for so many bytes. A sync of bytes that take the place
   * of zeros has no new length of the file to write, which would be a second write to the disk.
   */
  void reserve(int bytes) throws IOException {
    if (size + bytes <= reservedUntil) {
      return;
    }
    int from = Math.max(size, reservedUntil);
    int until = size + bytes + RESERVE_BYTES;
    for (int at = from; at < until; at += RESERVE_BYTES) {
      int length = Math.min(RESERVE_BYTES, until - at);
      ByteBuffer zeros = ZEROS.duplicate().limit(length);
      while (zeros.hasRemaining()) {
        channel.write(zeros, at + zeros.position());
      }
    }
    reservedUntil = until;
  }

  /** Takes back what was reserved: nothing more is written. Durable. */
  void complete() throws IOException {
    truncateTo(size);
  }

  /** Appends bytes; they are records only when {@link #publish}ed. */
  void write(ByteBuffer bytes) throws IOException {
    size += bytes.remaining();
    RaftFiles.writeFully(channel, bytes);
  }

  /** The next record begins at {@code position}. */
  void publish(int position) {
    if (records == positions.length) {
      positions = Arrays.copyOf(positions, records * 2);
    }
    positions[records++] = position;
  }

  void sync() throws IOException {
    channel.force(false);
  }

  RaftRecord read(long logIndex) throws IOException {
    int at = (int) (logIndex - firstLogIndex);
    int end = at + 1 < records ? positions[at + 1] : size;
    RaftRecord record = RaftRecord.read(bytes(positions[at], end - positions[at]));
    if (record == null || record.logIndex() != logIndex) {
      throw new CorruptLogException(file, positions[at], "entry " + logIndex + " is damaged");
    }
    return record;
  }

  private ByteBuffer bytes(int position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    RaftFiles.readFully(channel, bytes, position);
    return bytes.flip();
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

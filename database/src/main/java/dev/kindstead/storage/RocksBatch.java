package dev.kindstead.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A write set in the bytes of a RocksDB WriteBatch, so that it crosses into native code in one call
 * instead of one for each write. The representation is stable (RocksDB writes it into its logs and
 * db/write_batch.cc describes it): sequence number and count, little-endian; then for each write a
 * tag, the column family, key and value with their lengths as varints.
 */
final class RocksBatch {
  private static final int HEADER_LENGTH = 12;
  private static final int COUNT_OFFSET = 8;
  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final byte SINGLE_DELETE = 0x8;
  private static final byte DELETE_RANGE = 0xE;

  /** Above every key of ours: those begin with a version or a tag, none with FF. */
  private static final byte[] ABOVE_ALL = new byte[8];

  static {
    Arrays.fill(ABOVE_ALL, (byte) 0xFF);
  }

  private final byte[] bytes;
  private int position = HEADER_LENGTH;

  private RocksBatch(int length) {
    bytes = new byte[length];
  }

  /**
   * @param columnFamilyIds by the ordinal of the space
   */
  static byte[] of(List<WriteSet.Write> writes, int[] columnFamilyIds) {
    int length = HEADER_LENGTH;
    for (WriteSet.Write write : writes) {
      length += 1 + varintLength(columnFamilyIds[write.space().ordinal()]);
      length += framedLength(write.key()) + second(write);
    }
    RocksBatch batch = new RocksBatch(length);
    ByteBuffer.wrap(batch.bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_OFFSET, writes.size());
    for (WriteSet.Write write : writes) {
      batch.add(write, columnFamilyIds[write.space().ordinal()]);
    }
    return batch.bytes;
  }

  private void add(WriteSet.Write write, int columnFamilyId) {
    bytes[position++] =
        switch (write) {
          case WriteSet.Put put -> PUT;
          case WriteSet.Delete delete -> DELETE;
          case WriteSet.SingleDelete delete -> SINGLE_DELETE;
          case WriteSet.DeleteRange range -> DELETE_RANGE;
        };
    varint(columnFamilyId);
    framed(write.key());
    switch (write) {
      case WriteSet.Put put -> framed(put.value());
      case WriteSet.DeleteRange range -> framed(end(range));
      case WriteSet.Delete delete -> {}
      case WriteSet.SingleDelete delete -> {}
    }
  }

  private static byte[] end(WriteSet.DeleteRange range) {
    return range.until().length == 0 ? ABOVE_ALL : range.until();
  }

  private void framed(byte[] part) {
    varint(part.length);
    System.arraycopy(part, 0, bytes, position, part.length);
    position += part.length;
  }

  private void varint(int number) {
    int rest = number;
    while ((rest & ~0x7F) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  private static int second(WriteSet.Write write) {
    return switch (write) {
      case WriteSet.Put put -> framedLength(put.value());
      case WriteSet.DeleteRange range -> framedLength(end(range));
      case WriteSet.Delete delete -> 0;
      case WriteSet.SingleDelete delete -> 0;
    };
  }

  private static int framedLength(byte[] part) {
    return varintLength(part.length) + part.length;
  }

  private static int varintLength(int number) {
    return number == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(number)) / 7;
  }
}

package dev.kindstead.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads what {@link OrderedWriter} wrote; throws {@link CorruptBytesException} for anything else.
 * Confined to one thread.
 */
final class OrderedReader {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private int position;

  OrderedReader(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
    if (position < 0 || position > bytes.length) {
      throw new CorruptBytesException("an entry shorter than its prefix");
    }
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position == bytes.length;
  }

  byte peekByte() {
    need(1);
    return bytes[position];
  }

  byte readByte() {
    need(1);
    return bytes[position++];
  }

  long readLong() {
    need(Long.BYTES);
    long value = (long) LONG.get(bytes, position) ^ Long.MIN_VALUE;
    position += Long.BYTES;
    return value;
  }

  double readDouble() {
    long bits = readLong();
    return Double.longBitsToDouble(bits ^ (bits >> 63 & Long.MAX_VALUE));
  }

  String readString() {
    int start = position;
    boolean escaped = skipBytes();
    if (escaped) {
      return Utf8.decode(unescape(start, position - 1));
    }
    return Utf8.decode(bytes, start, position - 1 - start);
  }

  byte[] readBytes() {
    int start = position;
    boolean escaped = skipBytes();
    return escaped ? unescape(start, position - 1) : Arrays.copyOfRange(bytes, start, position - 1);
  }

  /** Moves behind a string of bytes; returns whether it has escapes. */
  boolean skipBytes() {
    boolean escaped = false;
    while (true) {
      byte each = readByte();
      if (each == OrderedWriter.END) {
        return escaped;
      }
      if (each == OrderedWriter.ESCAPE) {
        escaped = true;
        byte original = readByte();
        if (original != 1 && original != 2) {
          throw new CorruptBytesException("an unknown escape");
        }
      }
    }
  }

  private byte[] unescape(int from, int until) {
    byte[] result = new byte[until - from];
    int length = 0;
    for (int at = from; at < until; at++) {
      result[length++] = bytes[at] == OrderedWriter.ESCAPE ? (byte) (bytes[++at] - 1) : bytes[at];
    }
    return Arrays.copyOf(result, length);
  }

  private void need(int count) {
    if (bytes.length - position < count) {
      throw new CorruptBytesException("a key that ends early");
    }
  }
}

package dev.kindstead.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds bytes whose unsigned order is the order of what was put. Everything put is
 * self-delimiting, so a sequence of puts orders like the tuple of its parts. Confined to one
 * thread.
 *
 * <p>Strings of bytes end with 0x00; 0x00 and 0x01 inside become 0x01 0x01 and 0x01 0x02. So the
 * end sorts before any continuation and costs one byte, and only those two bytes ever grow.
 */
final class OrderedWriter {
  static final byte END = 0x00;
  static final byte ESCAPE = 0x01;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  OrderedWriter(int expectedSize) {
    bytes = new byte[expectedSize];
  }

  void putByte(byte value) {
    reserve(1);
    bytes[size++] = value;
  }

  /** Signed order. */
  void putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, size, value ^ Long.MIN_VALUE);
    size += Long.BYTES;
  }

  /** Total order: negative infinity, -0.0, 0.0, infinity, NaN (all NaNs are one). */
  void putDouble(double value) {
    long bits = Double.doubleToLongBits(value);
    putLong(bits ^ (bits >> 63 & Long.MAX_VALUE));
  }

  /** Order of UTF-8, which is that of code points; a prefix before its extensions. */
  void putString(String value) {
    putBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Unsigned order, a prefix before its extensions. */
  void putBytes(byte[] value) {
    reserve(Math.addExact(Math.multiplyExact(2, value.length), 1));
    byte[] target = bytes;
    int at = size;
    for (byte each : value) {
      if ((each & ~1) == 0) {
        target[at++] = ESCAPE;
        target[at++] = (byte) (each + 1);
      } else {
        target[at++] = each;
      }
    }
    target[at++] = END;
    size = at;
  }

  /** Puts bytes that are already encoded. */
  void putEncoded(byte[] encoded) {
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  int size() {
    return size;
  }

  /** Takes back everything put after the first {@code length} bytes. */
  void truncate(int length) {
    size = length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, 2L * bytes.length), 1 << 30));
    }
  }
}

package dev.kindstead.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf from the last byte to the first, so that the length of a nested message is known
 * when its turn comes: one pass, no sizes to compute beforehand. Within a message the caller writes
 * the fields in reverse, each value before its tag. Confined to one thread.
 */
final class BackwardWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int VARINT_BYTES_MAX = 10;

  private byte[] bytes;

  /** Where the bytes written so far begin. */
  private int start;

  BackwardWriter(int expectedSize) {
    bytes = new byte[expectedSize];
    start = expectedSize;
  }

  /** How many bytes are written: remember it before the last field of a message. */
  int size() {
    return bytes.length - start;
  }

  void varint(int tag, long value) {
    varint(value);
    varint(tag);
  }

  void fixed64(int tag, long value) {
    reserve(Long.BYTES);
    start -= Long.BYTES;
    LONG.set(bytes, start, value);
    varint(tag);
  }

  void string(int tag, String value) {
    bytes(tag, value.getBytes(StandardCharsets.UTF_8));
  }

  void bytes(int tag, byte[] value) {
    reserve(value.length);
    start -= value.length;
    System.arraycopy(value, 0, bytes, start, value.length);
    varint(value.length);
    varint(tag);
  }

  /** Closes the message whose fields were written since {@link #size} was {@code sizeBefore}. */
  void message(int tag, int sizeBefore) {
    varint(size() - sizeBefore);
    varint(tag);
  }

  byte[] toByteArray() {
    return start == 0 ? bytes : Arrays.copyOfRange(bytes, start, bytes.length);
  }

  private void varint(long value) {
    reserve(VARINT_BYTES_MAX);
    if ((value & ~0x7FL) == 0) {
      bytes[--start] = (byte) value;
      return;
    }
    int length = (70 - Long.numberOfLeadingZeros(value)) / 7;
    start -= length;
    int at = start;
    for (long rest = value; ; rest >>>= 7) {
      if ((rest & ~0x7FL) == 0) {
        bytes[at] = (byte) rest;
        return;
      }
      bytes[at++] = (byte) (rest | 0x80);
    }
  }

  private void reserve(int more) {
    if (start < more) {
      int size = size();
      int capacity = Math.addExact(Math.max(bytes.length, more), bytes.length);
      byte[] larger = new byte[capacity];
      System.arraycopy(bytes, start, larger, capacity - size, size);
      bytes = larger;
      start = capacity - size;
    }
  }
}

package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds bytes field by field: varints and strings of bytes with their length before them. */
public final class EntryWriter {
  private byte[] buffer;
  private int size;

  public EntryWriter(int expectedBytes) {
    buffer = new byte[Math.max(16, expectedBytes)];
  }

  public int size() {
    return size;
  }

  public EntryWriter writeByte(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
    return this;
  }

  /** Seven bits a byte, lowest first; negative values take ten bytes. */
  public EntryWriter writeVarint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  /** Eight bytes, highest first, so that unsigned order is numeric order. */
  public EntryWriter writeFixed64(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  public EntryWriter writeBytes(byte[] bytes) {
    writeVarint(bytes.length);
    return writeRaw(bytes);
  }

  public EntryWriter writeBytes(Bytes bytes) {
    return writeBytes(bytes.array());
  }

  public EntryWriter writeString(String string) {
    return writeBytes(string.getBytes(StandardCharsets.UTF_8));
  }

  /** Without a length. */
  public EntryWriter writeRaw(byte[] bytes) {
    ensure(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  public byte[] toBytes() {
    return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}

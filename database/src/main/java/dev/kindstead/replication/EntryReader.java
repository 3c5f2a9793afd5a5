package dev.kindstead.replication;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The inverse of {@link EntryWriter}; whatever does not fit is a {@link CorruptBytesException}. */
public final class EntryReader {
  private final byte[] bytes;
  private final String what;
  private int position;

  /**
   * @param what names what is being read, for failures
   */
  public EntryReader(byte[] bytes, String what) {
    this.bytes = bytes;
    this.what = what;
  }

  public boolean atEnd() {
    return position == bytes.length;
  }

  public int readByte() {
    if (position >= bytes.length) {
      throw corrupt("ends early");
    }
    return bytes[position++] & 0xFF;
  }

  public long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("a number is too long");
  }

  /** A varint that counts things of at least one byte each, all still to be read. */
  public int readCount() {
    long count = readVarint();
    if (count < 0 || count > bytes.length - position) {
      throw corrupt("a count exceeds what follows");
    }
    return (int) count;
  }

  public int readInt() {
    long value = readVarint();
    if (value != (int) value) {
      throw corrupt("a number is too large");
    }
    return (int) value;
  }

  public long readFixed64() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | readByte();
    }
    return value;
  }

  public byte[] readByteArray() {
    int length = readCount();
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  public Bytes readBytes() {
    return Bytes.of(readByteArray());
  }

  public String readString() {
    return new String(readByteArray(), StandardCharsets.UTF_8);
  }

  public CorruptBytesException corrupt(String why) {
    return new CorruptBytesException(what + " " + why + " at byte " + position);
  }
}

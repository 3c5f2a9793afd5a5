package dev.kindstead.storage;

import dev.kindstead.encoding.CorruptBytesException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes of entity rows and index entries, current or superseded: docs/formats/rows.md. Both
 * keep the slot and the timestamp they are valid from at the same place.
 */
final class Rows {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte ENTITY_VERSION = 1;
  private static final int SLOT_OFFSET = 1;
  private static final int FROM_OFFSET = 3;
  private static final int CREATE_TIME_OFFSET = 11;
  private static final int ENTITY_OFFSET = 19;

  /** In an index entry the first byte's upper half is the version, the lower half flags. */
  private static final byte INDEX_VERSION = 0x10;

  private static final byte MULTI_VALUED = 0x01;
  private static final int INDEX_LENGTH = 11;

  private Rows() {}

  static byte[] encode(EntityRow row) {
    byte[] bytes = new byte[ENTITY_OFFSET + row.entity().length];
    bytes[0] = ENTITY_VERSION;
    putHeader(bytes, row.slot(), row.updateTime());
    LONG.set(bytes, CREATE_TIME_OFFSET, row.createTime());
    System.arraycopy(row.entity(), 0, bytes, ENTITY_OFFSET, row.entity().length);
    return bytes;
  }

  static EntityRow decode(byte[] bytes) {
    if (bytes.length < ENTITY_OFFSET || bytes[0] != ENTITY_VERSION) {
      throw new CorruptBytesException("an entity row of another version or cut short");
    }
    return new EntityRow(
        Arrays.copyOfRange(bytes, ENTITY_OFFSET, bytes.length),
        slot(bytes),
        (long) LONG.get(bytes, CREATE_TIME_OFFSET),
        from(bytes));
  }

  static byte[] encodeIndexEntry(int slot, boolean multiValued, long from) {
    byte[] bytes = new byte[INDEX_LENGTH];
    bytes[0] = multiValued ? INDEX_VERSION | MULTI_VALUED : INDEX_VERSION;
    putHeader(bytes, slot, from);
    return bytes;
  }

  /** Returns the same bytes if they are an index entry of a known version. */
  static byte[] checkedIndexEntry(byte[] bytes) {
    if (bytes.length != INDEX_LENGTH || (bytes[0] & ~MULTI_VALUED) != INDEX_VERSION) {
      throw new CorruptBytesException("an index entry of another version or length");
    }
    return bytes;
  }

  static boolean multiValued(byte[] indexEntry) {
    return (indexEntry[0] & MULTI_VALUED) != 0;
  }

  static int slot(byte[] bytes) {
    return (bytes[SLOT_OFFSET] & 0xFF) << 8 | (bytes[SLOT_OFFSET + 1] & 0xFF);
  }

  /** The commit that wrote a row (its update time) or added an index entry. */
  static long from(byte[] bytes) {
    if (bytes.length < INDEX_LENGTH) {
      throw new CorruptBytesException("a row or index entry cut short");
    }
    return (long) LONG.get(bytes, FROM_OFFSET);
  }

  private static void putHeader(byte[] bytes, int slot, long from) {
    bytes[SLOT_OFFSET] = (byte) (slot >>> 8);
    bytes[SLOT_OFFSET + 1] = (byte) slot;
    LONG.set(bytes, FROM_OFFSET, from);
  }
}

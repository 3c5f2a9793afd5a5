package dev.kindstead.storage;

import dev.kindstead.encoding.CorruptBytesException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keys of superseded rows and index entries: bucket of the time they were superseded, whether
 * entity or index entry, their plain key, that time. Within a bucket they are in the order of the
 * plain keys, also where one is a prefix of another: 00 is written as 00 FF and the key ends with
 * 00 (the first byte of a time is 00 until the year 4253). Layout: docs/formats/rows.md.
 */
final class HistoryKeys {
  /** Width of a bucket. */
  static final long BUCKET_MICROS = 10_000_000;

  private static final int KEY_OFFSET = Long.BYTES + 1;

  /** Behind the plain key. */
  private static final int END_BYTES = 1 + Long.BYTES;

  private HistoryKeys() {}

  static long bucket(long until) {
    return until / BUCKET_MICROS;
  }

  static long bucketOf(byte[] historyKey) {
    return checked(historyKey).getLong(0);
  }

  /** What every key of a bucket is at or after. */
  static byte[] bucketStart(long bucket) {
    return ByteBuffer.allocate(Long.BYTES).putLong(bucket).array();
  }

  static byte[] key(Space space, byte[] key, long until) {
    return key(bucket(until), space, key, until);
  }

  static byte[] key(long bucket, Space space, byte[] key, long until) {
    ByteBuffer bytes = start(bucket, space, key, END_BYTES);
    return bytes.put((byte) 0).putLong(until).array();
  }

  /** Where the superseded keys at or after {@code bound} begin in a bucket. */
  static byte[] lowerBound(long bucket, Space space, byte[] bound) {
    return start(bucket, space, bound, 0).array();
  }

  /** Where the superseded keys below {@code bound} end in a bucket; empty: all of them. */
  static byte[] upperBound(long bucket, Space space, byte[] bound) {
    if (bound.length > 0) {
      return lowerBound(bucket, space, bound);
    }
    return ByteBuffer.allocate(KEY_OFFSET).putLong(bucket).put((byte) (tag(space) + 1)).array();
  }

  static long until(byte[] historyKey) {
    return checked(historyKey).getLong(historyKey.length - Long.BYTES);
  }

  private static ByteBuffer checked(byte[] historyKey) {
    int end = historyKey.length - END_BYTES;
    if (end < KEY_OFFSET || historyKey[end] != 0) {
      throw new CorruptBytesException("a key in history");
    }
    return ByteBuffer.wrap(historyKey);
  }

  static byte[] plainKey(byte[] historyKey) {
    int end = checked(historyKey).limit() - END_BYTES;
    byte[] key = new byte[end - KEY_OFFSET];
    int length = 0;
    for (int i = KEY_OFFSET; i < end; i++) {
      key[length++] = historyKey[i];
      if (historyKey[i] == 0) {
        i++;
      }
    }
    return length == key.length ? key : Arrays.copyOf(key, length);
  }

  private static ByteBuffer start(long bucket, Space space, byte[] key, int roomAfter) {
    int zeros = 0;
    for (byte each : key) {
      if (each == 0) {
        zeros++;
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(KEY_OFFSET + key.length + zeros + roomAfter);
    bytes.putLong(bucket).put(tag(space));
    if (zeros == 0) {
      return bytes.put(key);
    }
    for (byte each : key) {
      bytes.put(each);
      if (each == 0) {
        bytes.put((byte) 0xFF);
      }
    }
    return bytes;
  }

  /** Persistent; gaps are for later kinds of history. */
  private static byte tag(Space space) {
    return (byte) (space == Space.CURRENT ? 0x10 : 0x20);
  }
}

package dev.kindstead.encoding;

import java.util.Arrays;
import java.util.Comparator;

/** The order of all keys in storage: bytes compared unsigned, a prefix before its extensions. */
public final class ByteOrder {
  public static final Comparator<byte[]> UNSIGNED = Arrays::compareUnsigned;

  private ByteOrder() {}

  /**
   * The smallest bytes greater than every string that starts with {@code prefix}; empty when there
   * are none, which an upper bound reads as "no bound".
   */
  public static byte[] afterPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
      length--;
    }
    byte[] after = Arrays.copyOf(prefix, length);
    if (length > 0) {
      after[length - 1]++;
    }
    return after;
  }

  /** The smallest bytes greater than {@code key}. */
  public static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  public static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}

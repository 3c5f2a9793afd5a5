package dev.kindstead.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** UTF-8 to strings by the JDK's fast path, refusing malformed bytes instead of replacing them. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  static String decode(byte[] bytes, int offset, int length) {
    String decoded = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // Free for Latin strings; the replacement character may also have been written on purpose.
    if (decoded.indexOf(REPLACEMENT) >= 0) {
      byte[] again = decoded.getBytes(StandardCharsets.UTF_8);
      if (!Arrays.equals(again, 0, again.length, bytes, offset, offset + length)) {
        throw new CorruptBytesException("malformed UTF-8");
      }
    }
    return decoded;
  }
}

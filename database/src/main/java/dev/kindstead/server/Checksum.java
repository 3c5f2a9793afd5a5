package dev.kindstead.server;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Of the small files of a data directory, which are UTF-8 text. */
final class Checksum {
  private Checksum() {}

  static long of(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /** The text without its last line. */
  static String before(String text) {
    return text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1);
  }
}

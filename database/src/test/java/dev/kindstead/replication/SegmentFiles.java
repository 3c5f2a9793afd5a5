package dev.kindstead.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds segments to damage. */
final class SegmentFiles {
  private SegmentFiles() {}

  static Path last(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }
}

package dev.kindstead.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Places in this repository. */
final class Repository {
  private Repository() {}

  static Path launcher() {
    return Path.of(System.getProperty("kindstead.root", ".")).resolve("kindstead").toAbsolutePath();
  }

  /** A new directory for logs and data, below this module's target: on a disk, not in memory. */
  static Path scratch() {
    return scratch(
        Path.of(System.getProperty("kindstead.root", ".")).resolve("benchmarks/target/runs"));
  }

  /** The same below another directory, which is made if it is missing. */
  static Path scratch(Path parent) {
    try {
      return Files.createTempDirectory(Files.createDirectories(parent), "run-").toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

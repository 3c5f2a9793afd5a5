package dev.kindstead.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of other projects, where they are installed. */
final class Installed {
  private static final Path DEBIAN_POSTGRESQL = Path.of("/usr/lib/postgresql");

  private Installed() {}

  static Optional<Path> onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The directory of PostgreSQL's server programs: Debian keeps them off the PATH, by version; the
   * newest.
   */
  static Optional<Path> postgresql() {
    return Stream.concat(
            debianVersions().stream().map(version -> version.resolve("bin")),
            onPath("initdb").map(Path::getParent).stream())
        .filter(directory -> Files.isExecutable(directory.resolve("initdb")))
        .findFirst();
  }

  private static List<Path> debianVersions() {
    if (!Files.isDirectory(DEBIAN_POSTGRESQL)) {
      return List.of();
    }
    try (Stream<Path> versions = Files.list(DEBIAN_POSTGRESQL)) {
      return versions
          .sorted(
              Comparator.comparing((Path version) -> version.getFileName().toString().length())
                  .thenComparing(version -> version.getFileName().toString())
                  .reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.kindstead.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Directories for the checkpoints of one run, which are gone with it. Confined to one thread. */
final class Checkpoints implements Supplier<Path>, AutoCloseable {
  private @Nullable Path directory;
  private int made;

  @Override
  public Path get() {
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("kindstead-simulation");
      }
      return Files.createDirectory(directory.resolve("checkpoint-" + made++));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (directory == null) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

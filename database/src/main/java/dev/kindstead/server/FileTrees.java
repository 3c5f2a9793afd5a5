package dev.kindstead.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole directories, durably. */
final class FileTrees {
  private static final String COPY = ".copy";

  private FileTrees() {}

  /** Deletes what {@code directory} is, and has it be a copy of another. */
  static void replace(Path directory, Path from) throws IOException {
    Path copy = directory.resolveSibling(directory.getFileName() + COPY);
    delete(copy);
    for (Path each : walk(from)) {
      Path to = copy.resolve(from.relativize(each).toString());
      if (Files.isDirectory(each)) {
        Files.createDirectories(to);
      } else {
        Files.copy(each, to);
      }
    }
    for (Path each : walk(copy)) {
      sync(each);
    }
    delete(directory);
    Files.move(copy, directory, StandardCopyOption.ATOMIC_MOVE);
    sync(directory.resolveSibling("."));
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      for (Path each : walk(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static List<Path> walk(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.toList();
    }
  }

  private static void sync(Path fileOrDirectory) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

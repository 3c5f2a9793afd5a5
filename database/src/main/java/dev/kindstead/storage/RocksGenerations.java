package dev.kindstead.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of a store. It lives in the one it is named after; a checkpoint that replaces it
 * gets a directory beside that, {@code NAME.generation-N}, for two databases can't share one, and
 * the old one is read for a while yet. Layout: docs/formats/data-directory.md.
 *
 * <p><b>Invariant.</b> A generation has its {@code FORMAT} file only while all else in it is
 * complete and durable; that file's appearance is the replacement. The newest generation that has
 * it is the store; at the next opening it takes the name over, and all others go.
 *
 * <p>Confined to the applying thread, but for the static methods.
 */
final class RocksGenerations {
  private static final Logger LOG = LoggerFactory.getLogger(RocksGenerations.class);

  private static final String INFIX = ".generation-";

  /** The only files of RocksDB that never change: they may be links. */
  private static final String TABLE = ".sst";

  private final Path directory;
  private final Path parent;
  private int last = 1;

  private record Generation(Path directory, int number) {}

  RocksGenerations(Path directory) {
    this.directory = directory.toAbsolutePath();
    parent = Objects.requireNonNull(this.directory.getParent(), "a store is in a directory");
  }

  /** Ends or undoes what a crash has left of a replacement. Nothing of the store is open. */
  void settle() throws IOException {
    Generation newest = null;
    List<Generation> found = generations();
    for (Generation generation : found) {
      if (RocksFormat.isComplete(generation.directory)
          && (newest == null || newest.number < generation.number)) {
        newest = generation;
      }
    }
    for (Generation generation : found) {
      if (generation != newest) {
        deleteAll(generation.directory);
      }
    }
    if (newest != null) {
      deleteAll(directory);
      Files.move(newest.directory, directory, StandardCopyOption.ATOMIC_MOVE);
      sync(parent);
    }
  }

  private List<Generation> generations() throws IOException {
    List<Generation> found = new ArrayList<>();
    if (!Files.isDirectory(parent)) {
      return found;
    }
    String prefix = directory.getFileName() + INFIX;
    try (Stream<Path> siblings = Files.list(parent)) {
      for (Path sibling : siblings.toList()) {
        String name = sibling.getFileName().toString();
        if (name.startsWith(prefix) && name.substring(prefix.length()).matches("[1-9]\\d{0,8}")) {
          found.add(new Generation(sibling, Integer.parseInt(name.substring(prefix.length()))));
        }
      }
    }
    return found;
  }

  /**
   * Makes the next generation of a checkpoint's files. Tables become links where the file system
   * allows it.
   *
   * @return its directory: durable, to be opened, and to be made {@link #complete}
   */
  Path fill(Path checkpoint) throws IOException {
    RocksFormat.check(checkpoint);
    last++;
    Path generation = directory.resolveSibling(directory.getFileName() + INFIX + last);
    deleteAll(generation);
    Files.createDirectory(generation);
    boolean filled = false;
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(RocksFormat.FILE)) {
          Path copy = generation.resolve(name);
          linkOrCopy(file, copy, name.endsWith(TABLE));
          sync(copy);
        }
      }
      sync(generation);
      sync(parent);
      filled = true;
      return generation;
    } finally {
      if (!filled) {
        delete(generation);
      }
    }
  }

  private static void linkOrCopy(Path file, Path copy, boolean isImmutable) throws IOException {
    if (isImmutable) {
      try {
        Files.createLink(copy, file);
        return;
      } catch (UnsupportedOperationException | IOException e) {
        // Another file system, or one without links; what a disk error is shows when copying.
        LOG.info("{} is copied, for it can't be linked", file, e);
      }
    }
    Files.copy(file, copy);
  }

  /** From here on this generation is the store, whatever happens. */
  static void complete(Path generation) throws IOException {
    RocksFormat.write(generation);
  }

  /** Deletes a generation that is not the store; what stays is deleted at the next opening. */
  static void delete(Path generation) {
    try {
      deleteAll(generation);
    } catch (IOException e) {
      LOG.warn("{} can't be deleted now", generation, e);
    }
  }

  /** First of all the file by which it counts, so that half a generation never does. */
  private static void deleteAll(Path generation) throws IOException {
    if (!Files.isDirectory(generation)) {
      return;
    }
    if (Files.deleteIfExists(generation.resolve(RocksFormat.FILE))) {
      sync(generation);
    }
    try (Stream<Path> all = Files.walk(generation)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.force(true);
    }
  }
}

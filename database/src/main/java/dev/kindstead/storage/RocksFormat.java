package dev.kindstead.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * The file {@code FORMAT} of a store's directory: which version of our bytes it holds, so that
 * another program refuses it before it reads or changes anything.
 */
final class RocksFormat {
  static final String FILE = "FORMAT";

  private static final String NEW_FILE = "FORMAT.new";
  private static final String CONTENT = "kindstead storage 1\n";

  private RocksFormat() {}

  /** Makes a missing or empty directory ours; refuses any other that is not. */
  static void claim(Path directory) {
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve(FILE);
      if (!Files.exists(file)) {
        if (!isEmpty(directory)) {
          throw StorageException.refused(
              directory + " holds files but no storage of Kindstead. Name another directory.");
        }
        write(directory);
        return;
      }
      check(directory);
    } catch (IOException cause) {
      throw StorageException.failed(directory, "be opened", cause);
    }
  }

  /** Refuses a directory that does not hold storage of our version. */
  static void check(Path directory) throws IOException {
    String content = Files.readString(directory.resolve(FILE), StandardCharsets.ISO_8859_1);
    if (!content.equals(CONTENT)) {
      throw StorageException.refused(
          "%s holds storage of the format \"%s\"; this program reads \"%s\". Use the release that wrote it."
              .formatted(directory, content.strip(), CONTENT.strip()));
    }
  }

  /** Whether all that belongs to the directory was in it before it got its file. */
  static boolean isComplete(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /** All of the file or nothing, durable when this returns; so are the directory's other names. */
  static void write(Path directory) throws IOException {
    Path scratch = directory.resolve(NEW_FILE);
    try (FileChannel file =
        FileChannel.open(scratch, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(CONTENT.getBytes(StandardCharsets.US_ASCII)));
      file.force(true);
    }
    Files.move(scratch, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel names = FileChannel.open(directory)) {
      names.force(true);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.allMatch(file -> file.endsWith(NEW_FILE));
    }
  }
}

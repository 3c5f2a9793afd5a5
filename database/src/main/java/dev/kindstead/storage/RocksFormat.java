package dev.kindstead.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * The file {@code FORMAT} of a store's directory: which version of our bytes it holds, so that
 * another program refuses it before it reads or changes anything.
 */
final class RocksFormat {
  private static final String FILE = "FORMAT";
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
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (!content.equals(CONTENT)) {
        throw StorageException.refused(
            "%s holds storage of the format \"%s\"; this program reads \"%s\". Use the release that wrote it."
                .formatted(directory, content.strip(), CONTENT.strip()));
      }
    } catch (IOException cause) {
      throw StorageException.failed(directory, "be opened", cause);
    }
  }

  /** Durable when this returns, and so are the directory's other names. */
  static void write(Path directory) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(CONTENT.getBytes(StandardCharsets.US_ASCII)));
      file.force(true);
    }
    try (FileChannel names = FileChannel.open(directory)) {
      names.force(true);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }
}

package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that do not hold what was written to them are noticed, and named. */
final class DamagedFilesTest {
  /** In another block than the first key. */
  private static final byte[] LAST = {(byte) 199};

  @TempDir private Path directory;

  @BeforeEach
  void writeSomething() {
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL);
        RocksStore store = RocksStore.open(directory, resources)) {
      for (int i = 0; i < 200; i++) {
        WriteSet writes = new WriteSet();
        writes.put(Space.CURRENT, new byte[] {(byte) i}, new byte[500 + i]);
        store.write(writes);
      }
      store.flush();
    }
  }

  @Test
  void aFlippedBitIsNoticedWhereItIsRead() throws IOException {
    Path file = largestTable();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(100);
      int before = bytes.read();
      bytes.seek(100);
      bytes.write(before ^ 0x10);
    }
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL);
        RocksStore store = RocksStore.open(directory, resources)) {
      assertThatThrownBy(() -> store.get(Space.CURRENT, new byte[] {0}))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("checksum")
          .hasMessageContaining("restore")
          .satisfies(e -> assertThat(((StorageException) e).isCorruption()).isTrue());
      // A read that fails must not pass for a key that is not there.
      assertThatThrownBy(() -> store.getAll(Space.CURRENT, List.of(new byte[] {0})))
          .isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> store.getAll(Space.CURRENT, List.of(LAST, new byte[] {0})))
          .isInstanceOf(StorageException.class);
      try (OrderedStore.View view = store.view()) {
        assertThatThrownBy(() -> view.scan(Space.CURRENT, new byte[0], new byte[0], false))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining(file.getFileName().toString());
      }
    }
  }

  @Test
  void aTornFileIsNoticedWhenOpened() throws IOException {
    Path file = largestTable();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.setLength(bytes.length() / 2);
    }
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      assertThatThrownBy(() -> RocksStore.open(directory, resources))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(file.getFileName().toString())
          .satisfies(e -> assertThat(((StorageException) e).isCorruption()).isTrue());
    }
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    Files.writeString(directory.resolve("FORMAT"), "kindstead storage 7\n");
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      assertThatThrownBy(() -> RocksStore.open(directory, resources))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("kindstead storage 7")
          .hasMessageContaining("this program reads \"kindstead storage 1\"");
    }
  }

  @Test
  void someoneElsesDirectoryIsRefused() throws IOException {
    Files.delete(directory.resolve("FORMAT"));
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      assertThatThrownBy(() -> RocksStore.open(directory, resources))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("Name another directory");
    }
  }

  private Path largestTable() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(each -> each.toString().endsWith(".sst"))
          .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
          .orElseThrow();
    }
  }
}

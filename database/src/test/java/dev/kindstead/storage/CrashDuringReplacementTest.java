package dev.kindstead.storage;

import static dev.kindstead.storage.StoreReplacedTest.deleteTree;
import static dev.kindstead.storage.StoreReplacedTest.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves after each step of a replacement: the old state or the new one, whole. */
final class CrashDuringReplacementTest {
  private static final int OLD = 1;
  private static final int NEW = 2;
  private static final int OTHER = 3;

  @TempDir private Path directory;
  private final RocksResources resources = new RocksResources(StorageSizes.SMALL);

  @BeforeEach
  void makeStates() {
    for (int state : List.of(OLD, NEW, OTHER)) {
      try (RocksStore store = RocksStore.open(directory.resolve("made-" + state), resources)) {
        StoreReplacedTest.write(store, state);
        store.flush();
      }
    }
    copy(OLD, "store");
  }

  @AfterEach
  void closeResources() {
    resources.close();
  }

  @Test
  void aDirectoryWithoutFiles() throws IOException {
    Files.createDirectory(directory.resolve("store.generation-2"));
    assertOpensAs(OLD);
  }

  @Test
  void someOfTheFilesCopied() throws IOException {
    Path generation = copy(NEW, "store.generation-2");
    Files.delete(generation.resolve("FORMAT"));
    Files.delete(generation.resolve("CURRENT"));
    assertOpensAs(OLD);
  }

  @Test
  void allFilesCopied() throws IOException {
    Path generation = copy(NEW, "store.generation-2");
    Files.delete(generation.resolve("FORMAT"));
    assertOpensAs(OLD);
  }

  @Test
  void formatHalfWritten() throws IOException {
    Path generation = copy(NEW, "store.generation-2");
    Files.delete(generation.resolve("FORMAT"));
    Files.writeString(generation.resolve("FORMAT.new"), "kindst");
    assertOpensAs(OLD);
  }

  @Test
  void complete() {
    copy(NEW, "store.generation-2");
    assertOpensAs(NEW);
  }

  @Test
  void oldStateHalfDeleted() throws IOException {
    copy(NEW, "store.generation-2");
    Files.delete(directory.resolve("store").resolve("FORMAT"));
    Files.delete(directory.resolve("store").resolve("CURRENT"));
    assertOpensAs(NEW);
  }

  @Test
  void oldStateDeleted() {
    copy(NEW, "store.generation-2");
    deleteTree(directory.resolve("store"));
    assertOpensAs(NEW);
  }

  @Test
  void replacedAgainWhileTheFirstStateWasRead() {
    copy(OTHER, "store.generation-2");
    copy(NEW, "store.generation-10");
    assertOpensAs(NEW);
  }

  @Test
  void anotherReplacementNotComplete() throws IOException {
    copy(NEW, "store.generation-2");
    Path generation = copy(OTHER, "store.generation-3");
    Files.delete(generation.resolve("FORMAT"));
    assertOpensAs(NEW);
  }

  /** A first start that died before it had written the file that makes the directory ours. */
  @Test
  void anEmptyStoreWithAHalfWrittenFormatIsANewOne() throws IOException {
    Path fresh = Files.createDirectory(directory.resolve("fresh"));
    Files.writeString(fresh.resolve("FORMAT.new"), "kindst");
    try (RocksStore store = RocksStore.open(fresh, resources)) {
      assertThat(store.get(Space.META, new byte[] {1})).isNull();
    }
    assertThat(fresh.resolve("FORMAT.new")).doesNotExist();
  }

  /** Twice: what the first opening has settled stays so. */
  private void assertOpensAs(int state) {
    for (int i = 0; i < 2; i++) {
      try (RocksStore store = RocksStore.open(directory.resolve("store"), resources)) {
        assertThat(stateOf(store)).isEqualTo(state);
      }
      assertThat(directory.toFile().list()).containsOnly("store", "made-1", "made-2", "made-3");
    }
  }

  private Path copy(int state, String name) {
    Path copy = directory.resolve(name);
    try (var files = Files.walk(directory.resolve("made-" + state))) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, copy.resolve(directory.resolve("made-" + state).relativize(file)));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return copy;
  }
}

package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening, closing, copying: nothing native is used after its end. */
final class RocksStoreLifeTest {
  private static final byte[] KEY = {1};
  private static final byte[] VALUE = {2};

  @TempDir private Path directory;

  @Test
  void closingWaitsForScans() throws Exception {
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      RocksStore store = RocksStore.open(directory.resolve("a"), resources);
      write(store);
      OrderedStore.View view = store.view();
      OrderedStore.Scan scan = view.scan(Space.META, new byte[0], new byte[0], false);
      view.close();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(store::close);
      TimeUnit.MILLISECONDS.sleep(100);
      assertThat(closing).isNotDone();
      assertThat(scan.value()).isEqualTo(VALUE);
      scan.close();
      closing.get(5, TimeUnit.SECONDS);
      assertThatThrownBy(() -> store.get(Space.META, KEY)).hasMessageContaining("closed");
      assertThatThrownBy(store::view).hasMessageContaining("closed");
      assertThatThrownBy(() -> write(store)).hasMessageContaining("closed");
      store.close();
    }
  }

  @Test
  void aCheckpointIsACompleteStore() {
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      Path copy = directory.resolve("copy");
      try (RocksStore store = RocksStore.open(directory.resolve("a"), resources)) {
        write(store);
        store.checkpoint(copy);
        WriteSet writes = new WriteSet();
        writes.delete(Space.META, KEY);
        store.write(writes);
      }
      try (RocksStore store = RocksStore.open(copy, resources)) {
        assertThat(store.get(Space.META, KEY)).isEqualTo(VALUE);
        assertThat(store.get(Space.HISTORY, KEY)).isEqualTo(VALUE);
      }
    }
  }

  @Test
  void whatIsOnlyOnDiskIsNotReadFromMemory() {
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      try (RocksStore store = RocksStore.open(directory.resolve("a"), resources)) {
        write(store);
        assertThat(fromMemory(store)).isEqualTo(VALUE);
      }
    }
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL);
        RocksStore store = RocksStore.open(directory.resolve("a"), resources)) {
      assertThat(fromMemory(store)).isNull();
      assertThat(store.get(Space.META, KEY)).isEqualTo(VALUE);
      assertThat(fromMemory(store)).isEqualTo(VALUE);
    }
  }

  private static byte @Nullable [] fromMemory(RocksStore store) {
    boolean[] needsDisk = {false};
    byte[] value = store.getFromMemory(Space.META, KEY, () -> needsDisk[0] = true);
    assertThat(needsDisk[0]).isEqualTo(value == null);
    return value;
  }

  private static void write(OrderedStore store) {
    WriteSet writes = new WriteSet();
    writes.put(Space.META, KEY, VALUE);
    writes.put(Space.HISTORY, KEY, VALUE);
    store.write(writes);
  }
}

package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.SmallDisk;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full disk: writes fail and stay failed, what was flushed can be read, now and afterwards. */
final class FullDiskTest {
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 512 << 10, 1);

  @Test
  @Timeout(60)
  void stopsWritesAndLeavesReads(@TempDir Path directory) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, "4m");
        RocksResources resources = new RocksResources(TINY)) {
      Path data = directory.resolve("data");
      byte[] first = {0};
      try (RocksStore store = RocksStore.open(data, resources)) {
        write(store, first, 1);
        store.flush();
        assertThatThrownBy(() -> fill(store))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining(data.toString())
            .hasMessageMatching("(?s).*(No space left|bytes are free on the disk).*")
            .hasMessageContaining("restart");
        assertThatThrownBy(() -> write(store, first, 1)).isInstanceOf(StorageException.class);
        assertThatThrownBy(store::flush).isInstanceOf(StorageException.class);
        assertThat(store.get(Space.CURRENT, first)).isNotNull();
        try (OrderedStore.View view = store.view();
            OrderedStore.Scan scan = view.scan(Space.CURRENT, first, new byte[0], false)) {
          assertThat(scan.key()).isEqualTo(first);
        }
      }
      disk.grow("64m");
      try (RocksStore store = RocksStore.open(data, resources)) {
        assertThat(store.get(Space.CURRENT, first)).isNotNull();
        write(store, first, 2);
        store.flush();
      }
    }
  }

  /** What fits into memory but not onto the disk: the flush must say so, not wait for space. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anExplicitFlushFailsToo(@TempDir Path directory) throws Exception {
    try (SmallDisk _ = SmallDisk.mount(directory, "4m");
        RocksResources resources = new RocksResources(StorageSizes.SMALL)) {
      try (RocksStore store = RocksStore.open(directory.resolve("data"), resources)) {
        for (int i = 0; i < 600; i++) {
          write(store, new byte[] {(byte) (i >> 8), (byte) i}, 10_000);
        }
        assertThatThrownBy(store::flush).isInstanceOf(StorageException.class);
        byte[] key = {0, 1};
        assertThatThrownBy(() -> write(store, key, 1)).isInstanceOf(StorageException.class);
        assertThat(store.get(Space.CURRENT, key)).isNotNull();
      }
    }
  }

  private static void fill(RocksStore store) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] key = new byte[8];
      random.nextBytes(key);
      write(store, key, 10_000);
    }
  }

  private static void write(RocksStore store, byte[] key, int length) {
    byte[] value = new byte[length];
    new SplittableRandom(key[0]).nextBytes(value);
    WriteSet writes = new WriteSet();
    writes.put(Space.CURRENT, key, value);
    store.write(writes);
  }
}

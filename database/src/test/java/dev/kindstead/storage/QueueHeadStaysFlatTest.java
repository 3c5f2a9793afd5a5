package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A queue: entries are added at the end of an index and removed at its head, in both directions.
 * The oldest entry is found without stepping over all that were removed before, counted by RocksDB
 * itself; also when a few old entries stay behind and everything after them is removed.
 */
final class QueueHeadStaysFlatTest {
  private static final int ITEMS = 10_000;
  private static final int BATCH = 20;

  /** Deleted keys that an average look at the head may step over. */
  private static final long SKIPPED_MAX = 100;

  @Test
  void oldestFirst(@TempDir Path directory) {
    assertThat(skippedPerLook(directory, false, 0)).isLessThan(SKIPPED_MAX);
  }

  @Test
  void newestFirst(@TempDir Path directory) {
    assertThat(skippedPerLook(directory, true, 0)).isLessThan(SKIPPED_MAX);
  }

  @Test
  void behindEntriesThatStay(@TempDir Path directory) {
    assertThat(skippedPerLook(directory, false, 5)).isLessThan(SKIPPED_MAX);
  }

  private static long skippedPerLook(Path directory, boolean reverse, int stay) {
    try (RocksResources resources = new RocksResources(StorageSizes.SMALL);
        RocksStore store = RocksStore.open(directory.resolve("queue"), resources)) {
      Queue queue = new Queue(store, reverse);
      for (int i = 0; i < stay; i++) {
        queue.add(i);
      }
      queue.commit();
      long skipped = 0;
      int looks = 0;
      for (int item = stay; item < ITEMS; item += BATCH) {
        for (int i = item; i < item + BATCH; i++) {
          queue.add(i);
        }
        queue.commit();
        for (int i = item; i < item + BATCH - 1; i++) {
          queue.remove(i);
        }
        if (item > stay) {
          queue.remove(item - 1);
        }
        queue.commit();
        long before = store.deletedKeysSkipped();
        assertThat(queue.firstItem(stay)).isEqualTo(item + BATCH - 1);
        skipped += store.deletedKeysSkipped() - before;
        looks++;
      }
      return skipped / looks;
    }
  }

  private static final class Queue {
    private final OrderedStore store;
    private final VersionedStore versioned;
    private final boolean reverse;
    private List<Change> changes = new ArrayList<>();
    private long timestamp;

    Queue(OrderedStore store, boolean reverse) {
      this.store = store;
      this.versioned = new VersionedStore(store);
      this.reverse = reverse;
    }

    void add(int item) {
      changes.add(new Change.PutIndexEntry(key(item), 1, false));
    }

    void remove(int item) {
      changes.add(new Change.DeleteIndexEntry(key(item)));
    }

    void commit() {
      WriteSet writes = new WriteSet();
      timestamp += 1_000;
      versioned.stage(writes, timestamp, changes);
      store.write(writes);
      versioned.applied(timestamp, changes);
      changes = new ArrayList<>();
    }

    /** The first item behind those that stay. */
    int firstItem(int stay) {
      try (Snapshot snapshot = versioned.snapshot(timestamp);
          Snapshot.IndexScan scan =
              snapshot.indexEntries(new byte[] {0}, new byte[] {1}, reverse)) {
        for (int i = 0; i < stay; i++) {
          scan.next();
        }
        int item = ByteBuffer.wrap(scan.key()).getInt(1);
        return reverse ? Integer.MAX_VALUE - item : item;
      }
    }

    private byte[] key(int item) {
      int place = reverse ? Integer.MAX_VALUE - item : item;
      return ByteBuffer.allocate(5).put((byte) 0).putInt(place).array();
    }
  }
}

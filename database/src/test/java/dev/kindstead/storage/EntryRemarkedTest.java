package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A value that becomes one of several keeps its index entry with another mark: removed and put in
 * one commit. No snapshot may lose it or see it twice.
 */
final class EntryRemarkedTest {
  private static final byte[] KEY = {1, 2, 3};
  private static final byte[] ALL = {};
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);

  @Test
  void inMemory() {
    check(new MemoryStore());
  }

  @Test
  void onDisk(@TempDir Path directory) {
    try (RocksResources resources = new RocksResources(TINY);
        RocksStore store = RocksStore.open(directory.resolve("store"), resources)) {
      check(store);
    }
  }

  private static void check(OrderedStore store) {
    VersionedStore versioned = new VersionedStore(store);
    commit(versioned, 10, put(false));
    commit(versioned, 20, new Change.DeleteIndexEntry(KEY), put(true));
    commit(versioned, 30, new Change.DeleteIndexEntry(KEY), put(false));
    store.flush();
    for (VersionedStore each : List.of(versioned, new VersionedStore(store))) {
      assertThat(marks(each, 10)).containsExactly(false);
      assertThat(marks(each, 19)).containsExactly(false);
      assertThat(marks(each, 20)).containsExactly(true);
      assertThat(marks(each, 30)).containsExactly(false);
      assertThat(each.indexChangedSince(KEY, ALL, 20)).isTrue();
      assertThat(each.indexChangedSince(KEY, ALL, 30)).isFalse();
    }
    commit(versioned, 40, new Change.DeleteIndexEntry(KEY));
    store.flush();
    assertThat(marks(versioned, 40)).isEmpty();
    assertThat(marks(new VersionedStore(store), 40)).isEmpty();
    assertThat(marks(new VersionedStore(store), 20)).containsExactly(true);
  }

  private static Change put(boolean multiValued) {
    return new Change.PutIndexEntry(KEY, 0, multiValued);
  }

  private static void commit(VersionedStore versioned, long timestamp, Change... changes) {
    WriteSet writes = new WriteSet();
    versioned.stage(writes, timestamp, List.of(changes));
    versioned.store().write(writes);
    versioned.applied(timestamp, List.of(changes));
  }

  private static List<Boolean> marks(VersionedStore versioned, long timestamp) {
    List<Boolean> forward = marks(versioned, timestamp, false);
    assertThat(marks(versioned, timestamp, true)).isEqualTo(forward);
    return forward;
  }

  private static List<Boolean> marks(VersionedStore versioned, long timestamp, boolean reverse) {
    List<Boolean> marks = new ArrayList<>();
    try (Snapshot snapshot = versioned.snapshot(timestamp);
        Snapshot.IndexScan scan = snapshot.indexEntries(ALL, ALL, reverse)) {
      for (; scan.isValid(); scan.next()) {
        marks.add(scan.multiValued());
      }
    }
    return marks;
  }
}

package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories on both stores against the plainest model: what a snapshot at any timestamp
 * shows, in both directions, from memory and from history, also long after it was opened; what a
 * validation says; and collection.
 */
final class SnapshotsAgreeWithModelTest {
  private static final int BATCHES = 150;
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);

  @Test
  void inMemory() {
    for (long seed = 1; seed <= 40; seed++) {
      MemoryStore store = new MemoryStore();
      new Run(seed, store).play();
    }
  }

  @Test
  void onDisk(@TempDir Path directory) {
    try (RocksResources resources = new RocksResources(TINY)) {
      for (long seed = 1; seed <= 6; seed++) {
        try (RocksStore store = RocksStore.open(directory.resolve("seed-" + seed), resources)) {
          new Run(seed, store).play();
        }
      }
    }
  }

  private static final class Run {
    private final RandomGenerator random;
    private final long seed;
    private final OrderedStore store;
    private final VersionedModel model = new VersionedModel();
    private final List<Snapshot> open = new ArrayList<>();
    private VersionedStore versioned;
    private long now = 1_700_000_000_000_000L;

    Run(long seed, OrderedStore store) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.store = store;
      versioned = new VersionedStore(store);
    }

    void play() {
      try {
        for (int batch = 0; batch < BATCHES; batch++) {
          write();
          read();
          if (random.nextInt(20) == 0) {
            open.forEach(Snapshot::close);
            open.clear();
            versioned = new VersionedStore(store);
          }
          if (random.nextInt(30) == 0) {
            store.flush();
          }
          if (random.nextInt(30) == 0) {
            collect();
          }
          if (random.nextInt(100) == 0) {
            reset();
          }
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        open.forEach(Snapshot::close);
      }
    }

    private void write() {
      WriteSet writes = new WriteSet();
      List<Long> timestamps = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        now += 1 + random.nextLong(random.nextInt(10) == 0 ? 30_000_000 : 1_000);
        versioned.stage(writes, now, model.commit(random, now, 6));
        timestamps.add(now);
      }
      store.write(writes);
      timestamps.forEach(each -> versioned.applied(each, List.of()));
      assertThat(versioned.lastApplied()).isEqualTo(now);
    }

    private void read() {
      long oldest = Math.max(versioned.collectionThreshold(), 1_700_000_000_000_000L);
      long age = random.nextBoolean() ? 3_000 : 100_000_000;
      long timestamp = Math.max(oldest, now - random.nextLong(age));
      Bytes from = random.nextInt(3) == 0 ? Bytes.EMPTY : VersionedModel.key(random);
      Bytes until = random.nextInt(3) == 0 ? Bytes.EMPTY : VersionedModel.key(random);
      Snapshot snapshot = versioned.snapshot(timestamp);
      SnapshotChecks.checkKey(snapshot, model, VersionedModel.key(random));
      SnapshotChecks.check(snapshot, model, from, until, random.nextBoolean());
      SnapshotChecks.checkKey(snapshot, model, VersionedModel.key(random));
      try (Snapshot latest = versioned.latest()) {
        SnapshotChecks.check(latest, model, from, until, random.nextBoolean());
      }
      assertThat(versioned.entitiesChangedSince(from.array(), until.array(), timestamp))
          .isEqualTo(model.changedSince(Space.CURRENT, from, until, timestamp));
      assertThat(versioned.indexChangedSince(from.array(), until.array(), timestamp))
          .isEqualTo(model.changedSince(Space.INDEX, from, until, timestamp));
      open.add(snapshot);
      if (open.size() > 5) {
        try (Snapshot old = open.remove(random.nextInt(open.size()))) {
          if (old.timestamp() >= versioned.collectionThreshold()) {
            SnapshotChecks.check(old, model, from, until, random.nextBoolean());
            SnapshotChecks.checkKey(old, model, VersionedModel.key(random));
          }
        }
      }
    }

    private void reset() {
      WriteSet writes = new WriteSet();
      versioned.stage(writes, ++now, model.commit(random, now, 6));
      versioned.stageReset(writes);
      model.clear();
      assertThatThrownBy(() -> versioned.snapshot(now - 1)).isInstanceOf(DatastoreException.class);
      versioned.stage(writes, ++now, model.commit(random, now, 6));
      store.write(writes);
      versioned.applied(now, List.of());
    }

    private void collect() {
      long threshold = now - random.nextLong(60_000_000);
      if (threshold <= versioned.collectionThreshold()) {
        return;
      }
      WriteSet writes = new WriteSet();
      versioned.stageCollection(writes, threshold);
      store.write(writes);
      assertThatThrownBy(() -> versioned.snapshot(threshold - 1))
          .isInstanceOf(DatastoreException.class)
          .hasMessage("The requested 'read_time' is too old.");
      try (OrderedStore.View view = store.view();
          OrderedStore.Scan scan = view.scan(Space.HISTORY, new byte[0], new byte[0], false)) {
        if (scan.isValid()) {
          assertThat(HistoryKeys.bucketOf(scan.key()))
              .isGreaterThanOrEqualTo(HistoryKeys.bucket(threshold));
        }
      }
    }
  }
}

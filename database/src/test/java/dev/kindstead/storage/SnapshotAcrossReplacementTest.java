package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Invariant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower applies what its leader did or is given the leader's whole state instead. Snapshots of
 * the follower, opened before or after, show what the model says or are refused as too old.
 */
final class SnapshotAcrossReplacementTest {
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);

  @TempDir private Path directory;

  @Test
  void inMemory() {
    for (long seed = 1; seed <= 60; seed++) {
      new Run(seed, new MemoryStore(), new MemoryStore(), directory.resolve("s" + seed)).play(60);
    }
  }

  @Test
  void onDisk() {
    try (RocksResources resources = new RocksResources(TINY)) {
      for (long seed = 1; seed <= 4; seed++) {
        Path place = directory.resolve("d" + seed);
        try (RocksStore leader = RocksStore.open(place.resolve("leader"), resources);
            RocksStore follower = RocksStore.open(place.resolve("follower"), resources)) {
          new Run(seed, leader, follower, place).play(40);
        }
      }
    }
  }

  @Test
  void anEarlierStateIsNeverTaken() {
    var run = new Run(1, new MemoryStore(), new MemoryStore(), directory);
    run.commit();
    run.leader.store().checkpoint(directory.resolve("earlier"));
    run.commit();
    run.catchUp();
    long applied = run.follower.lastApplied();
    assertThatThrownBy(() -> run.follower.replaceBy(directory.resolve("earlier")))
        .isInstanceOf(Invariant.Broken.class);
    assertThat(run.follower.lastApplied()).isEqualTo(applied);
    run.readAll();
  }

  private record Logged(long timestamp, List<Change> changes, long collectBelow) {}

  private static final class Run {
    private final RandomGenerator random;
    private final long seed;
    private final Path place;
    private final VersionedStore leader;
    private final VersionedStore follower;
    private final VersionedModel model = new VersionedModel();
    private final List<Logged> behind = new ArrayList<>();
    private final List<Snapshot> open = new ArrayList<>();
    private long now = 1_700_000_000_000_000L;
    private int replacements;

    Run(long seed, OrderedStore leader, OrderedStore follower, Path place) {
      this.seed = seed;
      this.place = place;
      random = new SplittableRandom(seed);
      this.leader = new VersionedStore(leader);
      this.follower = new VersionedStore(follower);
      place.toFile().mkdirs();
    }

    void play(int rounds) {
      try {
        commit();
        catchUp();
        for (int round = 0; round < rounds; round++) {
          for (int i = random.nextInt(6); i >= 0; i--) {
            commit();
          }
          if (random.nextInt(15) == 0) {
            collect();
          }
          openSnapshot();
          if (random.nextInt(3) == 0) {
            replace();
          } else if (random.nextBoolean()) {
            catchUp();
          }
          openSnapshot();
          readAll();
        }
        assertThat(replacements).isPositive();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      } finally {
        open.forEach(Snapshot::close);
      }
    }

    void commit() {
      now += 1 + random.nextLong(random.nextInt(10) == 0 ? 20_000_000 : 200_000);
      log(new Logged(now, model.commit(random, now, 8), 0));
    }

    private void collect() {
      log(new Logged(0, List.of(), now - random.nextLong(60_000_000)));
    }

    private void log(Logged logged) {
      apply(leader, logged);
      behind.add(logged);
    }

    private static void apply(VersionedStore store, Logged logged) {
      WriteSet writes = new WriteSet();
      if (logged.timestamp == 0) {
        store.stageCollection(writes, logged.collectBelow);
        store.store().write(writes);
      } else {
        store.stage(writes, logged.timestamp, logged.changes);
        store.store().write(writes);
        store.applied(logged.timestamp, logged.changes);
      }
    }

    void catchUp() {
      behind.forEach(logged -> apply(follower, logged));
      behind.clear();
    }

    private void replace() {
      Path checkpoint = place.resolve("checkpoint-" + ++replacements);
      leader.store().checkpoint(checkpoint);
      follower.replaceBy(checkpoint);
      StoreReplacedTest.deleteTree(checkpoint);
      behind.clear();
      assertThat(follower.lastApplied()).isEqualTo(leader.lastApplied());
      assertThat(follower.collectionThreshold()).isEqualTo(leader.collectionThreshold());
    }

    private void openSnapshot() {
      long timestamp = follower.lastApplied() - random.nextLong(1, 3_000_000) * random.nextInt(3);
      if (timestamp >= follower.collectionThreshold()) {
        open.add(random.nextInt(4) == 0 ? follower.latest() : follower.snapshot(timestamp));
      }
      while (open.size() > 8) {
        open.remove(random.nextInt(open.size())).close();
      }
    }

    void readAll() {
      for (Snapshot snapshot : List.copyOf(open)) {
        try {
          Bytes from = random.nextBoolean() ? Bytes.EMPTY : VersionedModel.key(random);
          SnapshotChecks.checkKey(snapshot, model, VersionedModel.key(random));
          SnapshotChecks.check(snapshot, model, from, Bytes.EMPTY, random.nextBoolean());
        } catch (DatastoreException tooOld) {
          assertThat(snapshot.timestamp()).isLessThan(follower.collectionThreshold());
          open.remove(snapshot);
          snapshot.close();
        }
      }
      checkValidation();
    }

    private void checkValidation() {
      long since = follower.lastApplied() - random.nextLong(1_000_000);
      if (behind.isEmpty() && since >= follower.collectionThreshold()) {
        Bytes from = VersionedModel.key(random);
        assertThat(follower.entitiesChangedSince(from.array(), new byte[0], since))
            .isEqualTo(model.changedSince(Space.CURRENT, from, Bytes.EMPTY, since));
        assertThat(follower.indexChangedSince(from.array(), new byte[0], since))
            .isEqualTo(model.changedSince(Space.INDEX, from, Bytes.EMPTY, since));
      }
    }
  }
}

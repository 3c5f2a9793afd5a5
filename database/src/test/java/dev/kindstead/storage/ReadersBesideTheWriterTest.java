package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers beside the writer never see half a commit, nor a commit after their timestamp. Every
 * commit moves money between accounts, and each account's index entry with its balance: at any
 * timestamp the sum is the same and the index tells the same balances. So they do when the store
 * they read skips some commits and gets the whole state of another instead.
 */
final class ReadersBesideTheWriterTest {
  private static final int ACCOUNTS = 20;
  private static final long SUM = ACCOUNTS * 1_000L;
  private static final int COMMITS = 4_000;
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);

  @Test
  void inMemory() throws Exception {
    new Bank(new MemoryStore(), null).run();
  }

  @Test
  void onDisk(@TempDir Path directory) throws Exception {
    try (RocksResources resources = new RocksResources(TINY);
        RocksStore store = RocksStore.open(directory.resolve("bank"), resources)) {
      new Bank(store, null).run();
    }
  }

  @Test
  void inMemoryWhileTheStateIsReplaced(@TempDir Path directory) throws Exception {
    new Bank(new MemoryStore(), new Leader(new MemoryStore(), directory)).run();
  }

  @Test
  void onDiskWhileTheStateIsReplaced(@TempDir Path directory) throws Exception {
    try (RocksResources resources = new RocksResources(TINY);
        RocksStore leader = RocksStore.open(directory.resolve("leader"), resources);
        RocksStore store = RocksStore.open(directory.resolve("bank"), resources)) {
      new Bank(store, new Leader(leader, directory)).run();
    }
  }

  /** Has all commits, and gives its state to a store that has not. */
  private static final class Leader {
    private final VersionedStore versioned;
    private final Path directory;
    private final RandomGenerator random = new SplittableRandom(11);
    private boolean followerIsBehind;
    private int replacements;

    Leader(OrderedStore store, Path directory) {
      versioned = new VersionedStore(store);
      this.directory = directory;
    }

    void commit(VersionedStore follower, List<Long> timestamps, List<List<Change>> commits) {
      apply(versioned, timestamps, commits);
      followerIsBehind |= random.nextInt(80) == 0;
      if (!followerIsBehind) {
        apply(follower, timestamps, commits);
      } else if (random.nextInt(15) == 0) {
        Path checkpoint = directory.resolve("checkpoint-" + ++replacements);
        versioned.store().checkpoint(checkpoint);
        follower.replaceBy(checkpoint);
        StoreReplacedTest.deleteTree(checkpoint);
        followerIsBehind = false;
      }
    }
  }

  private static void apply(
      VersionedStore versioned, List<Long> timestamps, List<List<Change>> commits) {
    WriteSet writes = new WriteSet();
    for (int i = 0; i < commits.size(); i++) {
      versioned.stage(writes, timestamps.get(i), commits.get(i));
    }
    versioned.store().write(writes);
    for (int i = 0; i < commits.size(); i++) {
      versioned.applied(timestamps.get(i), commits.get(i));
    }
  }

  private static final class Bank {
    private final VersionedStore versioned;
    private final @Nullable Leader leader;
    private final long[] balances = new long[ACCOUNTS];
    private volatile boolean done;

    Bank(OrderedStore store, @Nullable Leader leader) {
      this.leader = leader;
      versioned = new VersionedStore(store);
    }

    void run() throws Exception {
      open();
      try (ExecutorService readers = Executors.newFixedThreadPool(3)) {
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          int seed = i;
          reads.add(CompletableFuture.runAsync(() -> read(seed), readers));
        }
        try {
          move();
        } finally {
          done = true;
        }
        for (CompletableFuture<Void> each : reads) {
          each.get(30, TimeUnit.SECONDS);
        }
        assertThat(leader == null ? 1 : leader.replacements).isPositive();
      }
    }

    private void open() {
      List<Change> changes = new ArrayList<>();
      for (int account = 0; account < ACCOUNTS; account++) {
        balances[account] = SUM / ACCOUNTS;
        put(changes, account, 1);
      }
      commit(List.of(1L), List.of(changes));
    }

    private void move() {
      RandomGenerator random = new SplittableRandom(7);
      long timestamp = 1;
      for (int written = 0; written < COMMITS; ) {
        List<Long> timestamps = new ArrayList<>();
        List<List<Change>> commits = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--, written++) {
          timestamp += 1 + random.nextInt(100);
          List<Change> changes = new ArrayList<>();
          int from = random.nextInt(ACCOUNTS);
          int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
          changes.add(new Change.DeleteIndexEntry(entry(from)));
          changes.add(new Change.DeleteIndexEntry(entry(to)));
          balances[from]--;
          balances[to]++;
          put(changes, from, timestamp);
          put(changes, to, timestamp);
          timestamps.add(timestamp);
          commits.add(changes);
        }
        commit(timestamps, commits);
      }
    }

    private void put(List<Change> changes, int account, long timestamp) {
      byte[] balance = ByteBuffer.allocate(Long.BYTES).putLong(balances[account]).array();
      EntityRow row = new EntityRow(balance, account, 1, timestamp);
      changes.add(new Change.PutEntity(new byte[] {(byte) account}, row));
      changes.add(new Change.PutIndexEntry(entry(account), account, false));
    }

    private byte[] entry(int account) {
      return ByteBuffer.allocate(9).putLong(balances[account]).put((byte) account).array();
    }

    private void commit(List<Long> timestamps, List<List<Change>> commits) {
      if (leader == null) {
        apply(versioned, timestamps, commits);
      } else {
        leader.commit(versioned, timestamps, commits);
      }
    }

    private void read(int seed) {
      RandomGenerator random = new SplittableRandom(seed);
      while (!done) {
        long newest = versioned.lastApplied();
        long timestamp = Math.max(1, newest - random.nextLong(2_000));
        try (Snapshot snapshot =
            leader == null && random.nextInt(3) == 0
                ? versioned.latest()
                : versioned.snapshot(timestamp)) {
          assertThat(sumOfKeys(snapshot)).as("keys at %d", snapshot.timestamp()).isEqualTo(SUM);
          boolean reverse = random.nextBoolean();
          assertThat(sumOfIndex(snapshot, reverse)).as("index at %d", timestamp).isEqualTo(SUM);
          assertThat(sumOfScan(snapshot, reverse)).as("scan at %d", timestamp).isEqualTo(SUM);
        }
      }
    }

    private static long sumOfKeys(Snapshot snapshot) {
      long sum = 0;
      for (int account = 0; account < ACCOUNTS; account++) {
        EntityRow row = snapshot.entity(new byte[] {(byte) account});
        assertThat(row).as("account %d at %d", account, snapshot.timestamp()).isNotNull();
        sum += row == null ? 0 : ByteBuffer.wrap(row.entity()).getLong();
      }
      return sum;
    }

    private static long sumOfScan(Snapshot snapshot, boolean reverse) {
      long sum = 0;
      try (var scan = snapshot.entities(new byte[0], new byte[0], reverse)) {
        for (; scan.isValid(); scan.next()) {
          sum += ByteBuffer.wrap(scan.row().entity()).getLong();
          assertThat(scan.row().updateTime()).isLessThanOrEqualTo(snapshot.timestamp());
        }
      }
      return sum;
    }

    private static long sumOfIndex(Snapshot snapshot, boolean reverse) {
      long sum = 0;
      try (var scan = snapshot.indexEntries(new byte[0], new byte[0], reverse)) {
        for (; scan.isValid(); scan.next()) {
          sum += ByteBuffer.wrap(scan.key()).getLong();
        }
      }
      return sum;
    }
  }
}

package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Priority;

/** A store that can't flush as fast as it is written to says so while a write waits. */
final class StoreKeepsNobodyWaitingTest {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
  private static final StorageSizes TINY = new StorageSizes(1 << 20, 256 << 10, 1);
  private static final int WRITES_MAX = 1_000;

  private final RocksResources resources = new RocksResources(TINY);
  @TempDir private Path directory;

  @AfterEach
  void close() {
    flushes(true);
    resources.close();
  }

  @Test
  void aWriteThatWaitsIsTold() throws Exception {
    try (RocksStore store = RocksStore.open(directory, resources)) {
      flushes(false);
      assertThat(store.isBehind()).isFalse();
      var written = CompletableFuture.runAsync(() -> fill(store));
      await(() -> store.isBehind() || written.isDone());
      assertThat(written).isNotDone();
      assertThat(store.get(Space.CURRENT, new byte[] {0, 0})).isNotNull();
      flushes(true);
      written.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
      assertThat(store.isBehind()).isFalse();
    }
  }

  /** Without a thread of RocksDB's, nothing is flushed. */
  private void flushes(boolean may) {
    int threads = may ? 1 : 0;
    resources.environment().setBackgroundThreads(threads, Priority.HIGH);
    resources.environment().setBackgroundThreads(threads, Priority.LOW);
  }

  private static void fill(RocksStore store) {
    for (int i = 0; i < WRITES_MAX; i++) {
      WriteSet writes = new WriteSet();
      writes.put(Space.CURRENT, new byte[] {(byte) (i >> 8), (byte) i}, new byte[4 << 10]);
      store.write(writes);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}

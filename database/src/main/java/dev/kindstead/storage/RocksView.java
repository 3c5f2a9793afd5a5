package dev.kindstead.storage;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

/** A view of RocksDB: one of its snapshots. Thread-safe; it has entered the store's gate. */
final class RocksView implements OrderedStore.View {
  private final RocksDatabase database;
  private final RocksDB rocks;
  private final Snapshot snapshot;
  private final ReadOptions options;
  private final AtomicBoolean closed = new AtomicBoolean();

  RocksView(RocksDatabase database, RocksDB rocks) {
    this.database = database;
    this.rocks = rocks;
    snapshot = rocks.getSnapshot();
    options = new ReadOptions().setSnapshot(snapshot);
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    database.gate().enter();
    try {
      return database.get(options, space, key);
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public OrderedStore.Scan scan(Space space, byte[] from, byte[] until, boolean reverse) {
    database.gate().enter();
    ReadOptions scanOptions = new ReadOptions().setSnapshot(snapshot);
    return new RocksScan(
        database, rocks, database.family(space), scanOptions, from, until, reverse, space);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      options.close();
      rocks.releaseSnapshot(snapshot);
      snapshot.close();
      database.gate().leave();
    }
  }
}

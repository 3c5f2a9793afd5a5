package dev.kindstead.storage;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

/** A view of RocksDB: one of its snapshots. Thread-safe; it has entered the store's gate. */
final class RocksView implements OrderedStore.View {
  private final RocksStore store;
  private final RocksDB database;
  private final Snapshot snapshot;
  private final ReadOptions options;
  private final AtomicBoolean closed = new AtomicBoolean();

  RocksView(RocksStore store, RocksDB database) {
    this.store = store;
    this.database = database;
    snapshot = database.getSnapshot();
    options = new ReadOptions().setSnapshot(snapshot);
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return store.get(options, space, key);
  }

  @Override
  public OrderedStore.Scan scan(Space space, byte[] from, byte[] until, boolean reverse) {
    store.gate().enter();
    ReadOptions scanOptions = new ReadOptions().setSnapshot(snapshot);
    return new RocksScan(
        store, database, store.family(space), scanOptions, from, until, reverse, space);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      options.close();
      database.releaseSnapshot(snapshot);
      snapshot.close();
      store.gate().leave();
    }
  }
}

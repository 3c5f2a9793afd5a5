package dev.kindstead.storage;

import org.rocksdb.Cache;
import org.rocksdb.Env;
import org.rocksdb.LRUCache;
import org.rocksdb.Priority;
import org.rocksdb.WriteBufferManager;

/**
 * What all RocksDB stores of a process share: the block cache, the budget of write buffers, the
 * background threads. Close it after the stores. Thread-safe.
 */
public final class RocksResources implements AutoCloseable {
  private static final int CACHE_SHARD_BITS = 4;

  private final StorageSizes sizes;
  private final Cache blockCache;
  private final WriteBufferManager writeBuffers;
  private final Env environment;

  public RocksResources(StorageSizes sizes) {
    RocksLibrary.load();
    this.sizes = sizes;
    blockCache = new LRUCache(sizes.blockCacheBytes(), CACHE_SHARD_BITS);
    writeBuffers = new WriteBufferManager(sizes.writeBufferBytes(), blockCache);
    environment = Env.getDefault();
    environment.incBackgroundThreadsIfNeeded(sizes.backgroundThreads(), Priority.LOW);
    environment.incBackgroundThreadsIfNeeded(1, Priority.HIGH);
  }

  StorageSizes sizes() {
    return sizes;
  }

  Cache blockCache() {
    return blockCache;
  }

  WriteBufferManager writeBuffers() {
    return writeBuffers;
  }

  Env environment() {
    return environment;
  }

  @Override
  public void close() {
    writeBuffers.close();
    blockCache.close();
  }
}

package dev.kindstead.storage;

/**
 * How much of the machine all stores of a process use together.
 *
 * @param blockCacheBytes for blocks read, filters and block indexes included
 * @param writeBufferBytes for writes not yet flushed
 * @param backgroundThreads that flush and compact
 */
public record StorageSizes(long blockCacheBytes, long writeBufferBytes, int backgroundThreads) {
  /** A server's. */
  public static final StorageSizes DEFAULT = new StorageSizes(256L << 20, 64L << 20, 2);

  /** For development on a laptop beside everything else. */
  public static final StorageSizes SMALL = new StorageSizes(32L << 20, 16L << 20, 1);

  public StorageSizes {
    if (blockCacheBytes <= 0 || writeBufferBytes <= 0 || backgroundThreads <= 0) {
      throw new IllegalArgumentException("sizes are positive");
    }
  }
}

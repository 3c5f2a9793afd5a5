package dev.kindstead.storage;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Which history buckets may hold anything, so that readers of an old timestamp skip the others. A
 * bucket is in here before anything in it is written. Thread-safe.
 */
final class HistoryBuckets {
  private static final long NONE = -1;

  private final ConcurrentSkipListSet<Long> buckets = new ConcurrentSkipListSet<>();

  /** The one added last, unless it may be gone; the applying thread's. */
  private long addedLast = NONE;

  /** Finds the buckets of an opened store. */
  HistoryBuckets(OrderedStore store) {
    try (OrderedStore.View view = store.view()) {
      addAll(view);
    }
  }

  /** Adds those of a state that readers will see. */
  void addAll(OrderedStore.View view) {
    try (OrderedStore.Scan scan = view.scan(Space.HISTORY, new byte[0], new byte[0], false)) {
      while (scan.isValid()) {
        long bucket = HistoryKeys.bucketOf(scan.key());
        buckets.add(bucket);
        scan.seek(HistoryKeys.bucketStart(bucket + 1));
      }
    }
  }

  /** From the applying thread. */
  void add(long until) {
    long bucket = HistoryKeys.bucket(until);
    if (bucket != addedLast) {
      buckets.add(bucket);
      addedLast = bucket;
    }
  }

  /** The buckets that may hold what was superseded after {@code timestamp}, oldest first. */
  List<Long> from(long timestamp) {
    return List.copyOf(buckets.tailSet(HistoryKeys.bucket(timestamp)));
  }

  /**
   * Forgets the buckets wholly below {@code threshold}; false if there was none. From the applying
   * thread.
   */
  boolean removeBelow(long threshold) {
    addedLast = NONE;
    return buckets.removeIf(bucket -> bucket < HistoryKeys.bucket(threshold));
  }
}

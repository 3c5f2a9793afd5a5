package dev.kindstead.replication;

import java.util.TreeMap;

/**
 * The term of every entry in the log, as the index at which each term begins: a few numbers, so
 * that no term has to come from a disk that can't be read.
 *
 * <p>Guarded by the log's lock.
 */
final class RaftTerms {
  private static final long NONE = -1;

  private final TreeMap<Long, Long> firstLogIndexes = new TreeMap<>();

  /** Of the last entry, so that an append does not look into the tree. */
  private long lastTerm = NONE;

  /** To be called in the order of the log. */
  void add(long logIndex, long term) {
    if (term != lastTerm) {
      firstLogIndexes.put(logIndex, term);
      lastTerm = term;
    }
  }

  /** The term of an entry that is in the log. */
  long of(long logIndex) {
    return firstLogIndexes.floorEntry(logIndex).getValue();
  }

  /** The log begins here now. */
  void forgetBefore(long firstLogIndex) {
    Long first = firstLogIndexes.floorKey(firstLogIndex);
    if (first != null) {
      firstLogIndexes.headMap(first).clear();
    }
  }

  /** The log ends before this entry now. */
  void truncate(long logIndex) {
    firstLogIndexes.tailMap(logIndex).clear();
    lastTerm = firstLogIndexes.isEmpty() ? NONE : firstLogIndexes.lastEntry().getValue();
  }
}

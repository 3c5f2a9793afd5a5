package dev.kindstead.transaction;

/**
 * A time to read at, at or above everything that was acknowledged when it was asked for.
 *
 * @param micros microseconds
 * @param terms a shard's leader of an earlier term can't answer for this time
 * @param indexesAt index of the system group's log: who has not applied it plans with indexes that
 *     may be gone
 */
record ReadTime(long micros, ShardTerms terms, long indexesAt) {
  /** Another time of the past, read as this one is. */
  ReadTime at(long past) {
    return new ReadTime(past, terms, indexesAt);
  }
}

package dev.kindstead.transaction;

/**
 * A time to read at, at or above everything that was acknowledged when it was asked for.
 *
 * @param micros microseconds
 * @param terms a shard's leader of an earlier term can't answer for this time
 */
record ReadTime(long micros, ShardTerms terms) {}

package dev.kindstead.transaction;

/**
 * What a shard has seen. Immutable.
 *
 * @param lastApplied timestamp of the last commit
 * @param resets a count that every reset raises
 */
public record ShardMark(long lastApplied, long resets) {}

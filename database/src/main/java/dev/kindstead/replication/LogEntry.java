package dev.kindstead.replication;

/**
 * A committed entry.
 *
 * @param term the engine's term of this entry, not of the replica
 * @param bytes shared, not to be written to
 */
public record LogEntry(long logIndex, long term, byte[] bytes) {}

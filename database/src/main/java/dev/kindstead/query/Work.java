package dev.kindstead.query;

/**
 * What answering took, over all shards of one call.
 *
 * @param indexEntriesScanned entries that a scan met, whether they led to a result or not
 * @param entitiesRead stored entities that were read, each time one was
 * @param nanos from opening the scans to the last result
 */
public record Work(long indexEntriesScanned, long entitiesRead, long nanos) {
  public static final Work NONE = new Work(0, 0, 0);
}

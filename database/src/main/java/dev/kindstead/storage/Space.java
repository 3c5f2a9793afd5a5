package dev.kindstead.storage;

/** The key spaces of a shard's store: RocksDB column families. Ids are persistent. */
public enum Space {
  /** Applied log index, garbage collection threshold, id blocks, settings. */
  META,
  /** The newest version of each entity. */
  CURRENT,
  /** The index entries of the newest versions. */
  INDEX,
  /** Superseded entities and index entries, in buckets of the time they were superseded. */
  HISTORY,
  /** Outcomes of commits, intents, decisions. */
  TRANSACTION
}

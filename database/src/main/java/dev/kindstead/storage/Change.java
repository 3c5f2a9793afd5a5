package dev.kindstead.storage;

/**
 * A change to a shard's current state, made at a commit's timestamp. Evaluated by the leader,
 * applied alike by every replica.
 */
public sealed interface Change {
  /** Writes an entity, superseding the current version if there is one. */
  record PutEntity(byte[] key, EntityRow row) implements Change {}

  /** Removes the current version, which exists. */
  record DeleteEntity(byte[] key) implements Change {}

  /** Adds an index entry that is not there. */
  record PutIndexEntry(byte[] key, int slot, boolean multiValued) implements Change {}

  /** Removes an index entry, which exists. */
  record DeleteIndexEntry(byte[] key) implements Change {}
}

package dev.kindstead.storage;

import org.jspecify.annotations.Nullable;

/**
 * A change to a shard's current state, made at a commit's timestamp. Evaluated by the leader,
 * applied alike by every replica. What the leader has read and says of the state before it, under
 * its latches, no replica needs to read again.
 */
public sealed interface Change {
  /**
   * Writes an entity, superseding the current version if there is one.
   *
   * @param before the current version as {@link VersionedStore#current} gave it, null if there is
   *     none or nobody has looked
   * @param isNew there is none; false: there may be one
   */
  record PutEntity(byte[] key, EntityRow row, @Nullable EntityRow before, boolean isNew)
      implements Change {
    public PutEntity(byte[] key, EntityRow row) {
      this(key, row, null, false);
    }
  }

  /** Removes the current version, which exists. */
  record DeleteEntity(byte[] key) implements Change {}

  /** Adds an index entry that is not there. */
  record PutIndexEntry(byte[] key, int slot, boolean multiValued) implements Change {}

  /**
   * Removes an index entry, which exists.
   *
   * @param before the stored entry, as {@link VersionedStore#indexEntry} gives it, or null
   */
  record DeleteIndexEntry(byte[] key, byte @Nullable [] before) implements Change {
    public DeleteIndexEntry(byte[] key) {
      this(key, null);
    }
  }
}

package dev.kindstead.query;

import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Invariant;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadSession;

/** What the steps of one execution share. Confined to one thread. */
final class Reading {
  private final ReadSession session;
  private final Query query;
  private final Budget budget;
  private final byte[] partitionPrefix;
  private long entities;

  Reading(ReadSession session, Query query, Budget budget) {
    this.session = session;
    this.query = query;
    this.budget = budget;
    partitionPrefix = KeyEncoding.partitionPrefix(query.partition());
  }

  Budget budget() {
    return budget;
  }

  ReadSession session() {
    return session;
  }

  Snapshot shard(int shard) {
    return session.shard(shard);
  }

  byte[] partitionPrefix() {
    return partitionPrefix;
  }

  /** Reads an entity that an index entry names, and notes it. */
  EntityRow entity(int shard, byte[] path) {
    byte[] entityKey = IndexKeyEncoding.entityKey(partitionPrefix, path, 0);
    EntityRow row = session.shard(shard).entity(entityKey);
    if (row == null) {
      throw Invariant.broken("an index entry has its entity");
    }
    entities++;
    return note(shard, entityKey, row);
  }

  /** Notes an entity that a scan of rows has met. */
  EntityRow met(int shard, byte[] path, EntityRow row) {
    return note(shard, IndexKeyEncoding.entityKey(partitionPrefix, path, 0), row);
  }

  private EntityRow note(int shard, byte[] entityKey, EntityRow row) {
    session.noteKey(shard, entityKey, row.updateTime());
    return row;
  }

  /** What was read so far. A kindless scan meets entities where others meet index entries. */
  Work work() {
    long candidates = budget.candidates();
    return query.kind() == null
        ? new Work(0, candidates + entities, budget.nanos())
        : new Work(candidates, entities, budget.nanos());
  }

  IndexedValues values(byte[] path, EntityRow row) {
    return new IndexedValues(query.partition(), query.kind(), path, row.entity());
  }
}

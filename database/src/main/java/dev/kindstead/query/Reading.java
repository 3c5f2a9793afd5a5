package dev.kindstead.query;

import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Invariant;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the steps of one execution share. Confined to one thread. */
final class Reading {
  private final ReadSession session;
  private final Query query;
  private final Budget budget;
  private final byte[] partitionPrefix;
  private final Remembered<Collection<Position>> positions = new Remembered<>();
  private final Remembered<byte[]> meetings = new Remembered<>();
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

  /** Where entities stand that a stream has met by one of several values. */
  Remembered<Collection<Position>> positions() {
    return positions;
  }

  /** By which of its values an entity counts that is to be sorted. */
  Remembered<byte[]> meetings() {
    return meetings;
  }

  /** Reads an entity that an index entry names, and notes it. */
  EntityRow entity(int shard, byte[] path) {
    byte[] entityKey = key(path);
    EntityRow row = present(session.shard(shard).entity(entityKey));
    return note(shard, entityKey, row);
  }

  /** The entities of some rows, in their order; noted by whoever answers them. */
  List<EntityRow> entities(List<Row> rows) {
    EntityRow[] found = new EntityRow[rows.size()];
    for (int i = 0; i < found.length; i++) {
      EntityRow met = rows.get(i).entity();
      if (met != null) {
        found[i] = met;
      } else if (found[i] == null) {
        readShard(rows.get(i).shard(), rows, found);
      }
    }
    return Arrays.asList(found);
  }

  /** Entities of a shard by their paths, in order; null for those that are not there. */
  List<@Nullable EntityRow> ifPresent(int shard, List<byte[]> paths) {
    List<@Nullable EntityRow> found =
        session.shard(shard).entities(paths.stream().map(this::key).toList());
    entities += found.stream().filter(Objects::nonNull).count();
    return found;
  }

  /** Reads those of one shard together. */
  private void readShard(int shard, List<Row> rows, EntityRow[] found) {
    List<Integer> places = new ArrayList<>(found.length);
    List<byte[]> keys = new ArrayList<>(found.length);
    for (int i = 0; i < found.length; i++) {
      if (rows.get(i).shard() == shard && rows.get(i).entity() == null) {
        places.add(i);
        keys.add(key(rows.get(i).position().path()));
      }
    }
    List<@Nullable EntityRow> read = session.shard(shard).entities(keys);
    for (int i = 0; i < places.size(); i++) {
      found[places.get(i)] = present(read.get(i));
    }
  }

  private byte[] key(byte[] path) {
    return IndexKeyEncoding.entityKey(partitionPrefix, path, 0);
  }

  private EntityRow present(@Nullable EntityRow row) {
    if (row == null) {
      throw Invariant.broken("an index entry has its entity");
    }
    entities++;
    return row;
  }

  /** Notes an entity that was read with others, or that a scan of rows has met. */
  EntityRow met(int shard, byte[] path, EntityRow row) {
    return session.isNoting() ? note(shard, key(path), row) : row;
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

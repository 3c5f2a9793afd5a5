package dev.kindstead.query;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.environment.Clock;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Some shards in memory, written directly, read without transactions. */
final class Shelf {
  private final List<VersionedStore> stores = new ArrayList<>();
  private final Map<Key, Entity> entities = new HashMap<>();
  private final ShardMap map;
  private final Queries queries;
  private final DatabaseIndexes indexes;
  private long time = 1_000;

  /** What the last session noted: the shard and bounds of ranges, the row keys of entities. */
  final List<Noted> ranges = new ArrayList<>();

  int keysNoted;

  /** Stored bytes of the most entities that a session read together. */
  long bytesTogetherMax;

  record Noted(int shard, Space space, byte[] from, byte[] until) {}

  Shelf(int shards) {
    this(shards, DatabaseIndexes.AUTOMATIC);
  }

  /** All entities of all kinds are in these indexes from the start. */
  Shelf(int shards, DatabaseIndexes indexes) {
    this(shards, indexes, new StandingClock());
  }

  Shelf(int shards, DatabaseIndexes indexes, Clock clock) {
    this.indexes = indexes;
    map = new ShardMap(shards);
    for (int i = 0; i < shards; i++) {
      stores.add(new VersionedStore(new MemoryStore()));
    }
    queries = new Queries(map, _ -> indexes, clock);
  }

  Queries queries() {
    return queries;
  }

  /** Writes an entity over whatever was there. */
  void put(Entity entity) {
    delete(key(entity));
    byte[] row = KeyEncoding.entityKey(key(entity));
    int slot = Slots.slotOf(KeyEncoding.entityGroupKey(key(entity)));
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.PutEntity(
            row, new EntityRow(EntityEncoding.encode(entity), slot, time + 1, time + 1)));
    entriesOf(entity)
        .forEach(each ->
            changes.add(new Change.PutIndexEntry(each.key().array(), slot, each.multiValued())));
    apply(slot, changes);
    entities.put(key(entity), entity);
  }

  void delete(Key key) {
    Entity before = entities.remove(key);
    if (before != null) {
      List<Change> changes = new ArrayList<>();
      changes.add(new Change.DeleteEntity(KeyEncoding.entityKey(key)));
      entriesOf(before)
          .forEach(each -> changes.add(new Change.DeleteIndexEntry(each.key().array())));
      apply(Slots.slotOf(KeyEncoding.entityGroupKey(key)), changes);
    }
  }

  private List<IndexEntry> entriesOf(Entity entity) {
    List<IndexEntry> entries = new ArrayList<>(BuiltInIndexes.entriesOf(entity));
    List<IndexDefinition> ofKind =
        indexes.ready().stream()
            .map(DatabaseIndexes.ReadyIndex::definition)
            .filter(each -> each.kind().equals(key(entity).kind()))
            .toList();
    entries.addAll(CompositeIndexes.entriesOf(entity, ofKind));
    return entries;
  }

  private void apply(int slot, List<Change> changes) {
    VersionedStore store = stores.get(map.shardOf(slot));
    WriteSet writes = new WriteSet();
    time++;
    store.stage(writes, time, changes);
    store.store().write(writes);
    store.applied(time, changes);
  }

  QueryBatch run(Query query) {
    return run(query, null);
  }

  QueryBatch run(Query query, @Nullable List<PropertyPath> mask) {
    Queries.Prepared prepared = queries.prepare(query);
    try (ReadSession session = new Session()) {
      return prepared.run(session, mask, true);
    }
  }

  ReadSession session() {
    return new Session();
  }

  static Key key(Entity entity) {
    if (entity.key() == null) {
      throw new IllegalArgumentException("an entity on the shelf has a key");
    }
    return entity.key();
  }

  private final class Session implements ReadSession {
    private final Map<Integer, Snapshot> snapshots = new HashMap<>();

    Session() {
      ranges.clear();
      keysNoted = 0;
      bytesTogetherMax = 0;
    }

    @Override
    public long readTime() {
      return time;
    }

    @Override
    public @Nullable TransactionId takeNewTransaction() {
      return null;
    }

    @Override
    public Snapshot shard(int shard) {
      return snapshots.computeIfAbsent(
          shard,
          any ->
              new WatchedSnapshot(
                  stores.get(any).snapshot(time),
                  bytes -> bytesTogetherMax = Math.max(bytesTogetherMax, bytes)));
    }

    @Override
    public boolean isNoting() {
      return true;
    }

    @Override
    public void noteKey(int shard, byte[] entityKey, long version) {
      keysNoted++;
    }

    @Override
    public void noteRange(int shard, Space space, byte[] from, byte[] until) {
      ranges.add(new Noted(shard, space, from, until));
    }

    @Override
    public void close() {
      snapshots.values().forEach(Snapshot::close);
    }
  }

  private static final class StandingClock implements Clock {
    @Override
    public long wallMicros() {
      return 0;
    }

    @Override
    public long monotonicNanos() {
      return 0;
    }
  }
}

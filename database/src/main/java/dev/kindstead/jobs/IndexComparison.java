package dev.kindstead.jobs;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.IndexNames;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.storage.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Index entries beside the entities they are of, shard by shard. What should be there and what is
 * there is added up first, in one walk over each: another node's shard is read page by page then.
 * Only where the sums differ is each entry looked for.
 *
 * <p>Confined to one thread.
 */
final class IndexComparison {
  private final Map<String, List<IndexDefinition>> composite;
  private final Set<Long> ready = new HashSet<>();
  private final DatabaseId database;
  private final BooleanSupplier isOver;
  private final List<String> differences = new ArrayList<>();
  private long entities;
  private long entries;
  private long different;

  /**
   * @param composite the indexes that have all their entries, by kind
   * @param isOver asked at each row; then it ends, with CANCELLED
   */
  IndexComparison(
      Map<String, List<IndexDefinition>> composite, DatabaseId database, BooleanSupplier isOver) {
    this.isOver = isOver;
    this.composite = composite;
    this.database = database;
    composite.values().forEach(all -> all.forEach(each -> ready.add(each.id())));
  }

  IndexCheck.Report report() {
    return new IndexCheck.Report(entities, entries, different, differences);
  }

  void compare(Snapshot shard) {
    Sum expected = expected(shard);
    Sum found = found(shard);
    entries += found.count;
    if (!found.isOf(expected)) {
      long present = sumOverEntities(shard, entity -> lookFor(shard, entity));
      if (found.count > present) {
        different += found.count - present;
        tell("a shard has %d index entries of no entity".formatted(found.count - present));
      }
    }
  }

  private Sum expected(Snapshot shard) {
    var expected = new Sum();
    entities +=
        sumOverEntities(
            shard,
            entity -> {
              Bytes sample = sampleOf(entity);
              for (IndexEntry entry : entriesOf(entity)) {
                if (!Objects.equals(entry.key(), sample) || markOf(shard, entry.key()) != null) {
                  expected.add(entry.key().array(), entry.multiValued());
                }
              }
              return 1;
            });
    return expected;
  }

  /** Entities that were written before there was a sample have no entry in it. */
  private static @Nullable Bytes sampleOf(Entity entity) {
    Key key = entity.key();
    return key == null ? null : BuiltInIndexes.scatterEntry(key);
  }

  private Sum found(Snapshot shard) {
    var found = new Sum();
    add(shard, IndexNames.beforeNamespace(database), found, _ -> true);
    add(shard, IndexNames.beforeNamespaceOfProperties(database), found, _ -> true);
    byte[] ofComposite = CompositeKeyEncoding.beforeNamespace(database);
    // Entries of composite indexes that are not ready do not count.
    add(shard, ofComposite, found, entry -> ready.contains(CompositeKeyEncoding.index(entry)));
    return found;
  }

  private void add(Snapshot shard, byte[] prefix, Sum to, Predicate<byte[]> counts) {
    try (Snapshot.IndexScan scan =
        shard.indexEntries(prefix, ByteOrder.afterPrefix(prefix), false)) {
      for (; scan.isValid(); scan.next()) {
        goOn();
        if (counts.test(scan.key())) {
          to.add(scan.key(), scan.multiValued());
        }
      }
    }
  }

  private void goOn() {
    if (isOver.getAsBoolean()) {
      throw DatastoreException.clientGone();
    }
  }

  private long sumOverEntities(Snapshot shard, ToLongFunction<Entity> each) {
    long sum = 0;
    byte[] from = KeyEncoding.databasePrefix(database);
    try (Snapshot.EntityScan scan = shard.entities(from, ByteOrder.afterPrefix(from), false)) {
      for (; scan.isValid(); scan.next()) {
        goOn();
        sum += each.applyAsLong(EntityEncoding.decode(scan.row().entity()));
      }
    }
    return sum;
  }

  /** Returns how many of the entity's entries are there. */
  private long lookFor(Snapshot shard, Entity entity) {
    long present = 0;
    Bytes sample = sampleOf(entity);
    for (IndexEntry entry : entriesOf(entity)) {
      Boolean mark = markOf(shard, entry.key());
      present += mark == null ? 0 : 1;
      if (mark == null && !Objects.equals(entry.key(), sample)) {
        differs(entity, entry, "is missing");
      } else if (mark != null && mark != entry.multiValued()) {
        differs(entity, entry, "has the wrong multi-valued mark");
      }
    }
    return present;
  }

  private void differs(Entity entity, IndexEntry entry, String how) {
    different++;
    tell("%s: entry %s %s".formatted(entity.key(), entry.key(), how));
  }

  private List<IndexEntry> entriesOf(Entity entity) {
    List<IndexEntry> all = new ArrayList<>(BuiltInIndexes.entriesOf(entity));
    Key key = entity.key();
    if (key != null) {
      all.addAll(
          CompositeIndexes.storedEntriesOf(entity, composite.getOrDefault(key.kind(), List.of())));
    }
    return all;
  }

  private static @Nullable Boolean markOf(Snapshot shard, Bytes entry) {
    byte[] bytes = entry.array();
    try (Snapshot.IndexScan scan = shard.indexEntries(bytes, ByteOrder.after(bytes), false)) {
      return scan.isValid() ? scan.multiValued() : null;
    }
  }

  private void tell(String difference) {
    if (differences.size() < IndexCheck.DIFFERENCES_MAX) {
      differences.add(difference);
    }
  }

  /** Of entries in whatever order; two that are equal are of the same entries, but for a chance. */
  private static final class Sum {
    /** Of each mark, so that an entry counts for another one with the other. */
    private static final long MULTI_VALUED = 0x9E3779B97F4A7C15L;

    private long count;
    private long high;
    private long low;

    void add(byte[] entry, boolean multiValued) {
      HashValue128 hash = Hashing.xxh3_128().hashBytesTo128Bits(entry);
      count++;
      high +=
          multiValued
              ? hash.getMostSignificantBits() * MULTI_VALUED
              : hash.getMostSignificantBits();
      low += hash.getLeastSignificantBits();
    }

    boolean isOf(Sum other) {
      return count == other.count && high == other.high && low == other.low;
    }
  }
}

package dev.kindstead.jobs;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.IndexNames;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a database's index entries with its entities, in both directions: built-in indexes and
 * composite ones that are ready. Each shard is read as of one moment; an index that is deleted
 * meanwhile may show differences. Thread-safe; reads everything, and waits for the disk.
 */
public final class IndexCheck {
  /** Differences told at most. */
  public static final int DIFFERENCES_MAX = 100;

  private final Transactions transactions;

  public IndexCheck(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * What was found.
   *
   * @param entities looked at
   * @param entries looked at
   * @param different entries that are missing, of nothing, or with the wrong multi-valued mark
   * @param differences the first ones, in words
   */
  public record Report(long entities, long entries, long different, List<String> differences) {}

  /** Checks one database. */
  public Report check(DatabaseId database) {
    var run = new Run(ready(database), database);
    for (int shard = 0; shard < transactions.indexes().shards(); shard++) {
      try (ReadSession session =
          transactions.readShards(database, new ReadMode.Strong(), new int[] {shard}).join()) {
        run.check(session.shard(shard));
      }
    }
    return new Report(run.entities, run.entries, run.different, run.differences);
  }

  private Map<String, List<IndexDefinition>> ready(DatabaseId database) {
    return transactions.indexes().all().stream()
        .filter(each -> each.state() == IndexState.READY)
        .map(IndexRecord::definition)
        .filter(each -> each.database().equals(database))
        .collect(Collectors.groupingBy(IndexDefinition::kind));
  }

  /** One check. */
  private static final class Run {
    private final Map<String, List<IndexDefinition>> composite;
    private final Set<Long> ready = new HashSet<>();
    private final DatabaseId database;
    private final List<String> differences = new ArrayList<>();
    private long entities;
    private long entries;
    private long different;

    Run(Map<String, List<IndexDefinition>> composite, DatabaseId database) {
      this.composite = composite;
      this.database = database;
      composite.values().forEach(all -> all.forEach(each -> ready.add(each.id())));
    }

    void check(Snapshot shard) {
      long present = checkEntities(shard);
      long found = 0;
      for (byte[] prefix :
          List.of(
              IndexNames.beforeNamespace(database),
              IndexNames.beforeNamespaceOfProperties(database),
              CompositeKeyEncoding.beforeNamespace(database))) {
        found += count(shard, prefix);
      }
      entries += found;
      if (found > present) {
        different += found - present;
        tell("a shard has %d index entries of no entity".formatted(found - present));
      }
    }

    /** Returns how many of the entities' entries are there. */
    private long checkEntities(Snapshot shard) {
      long present = 0;
      byte[] from = KeyEncoding.databasePrefix(database);
      try (Snapshot.EntityScan scan = shard.entities(from, ByteOrder.afterPrefix(from), false)) {
        for (; scan.isValid(); scan.next()) {
          entities++;
          Entity entity = EntityEncoding.decode(scan.row().entity());
          for (IndexEntry entry : entriesOf(entity)) {
            Boolean mark = markOf(shard, entry.key());
            if (mark != null) {
              present++;
            } else if (isSample(entity, entry)) {
              continue; // written before there was a sample
            }
            if (mark == null || mark != entry.multiValued()) {
              different++;
              tell(
                  "%s: entry %s %s"
                      .formatted(
                          entity.key(),
                          entry.key(),
                          mark == null ? "is missing" : "has the wrong multi-valued mark"));
            }
          }
        }
      }
      return present;
    }

    private static boolean isSample(Entity entity, IndexEntry entry) {
      Key key = entity.key();
      Bytes sample = key == null ? null : BuiltInIndexes.scatterEntry(key);
      return sample != null && entry.key().equals(sample);
    }

    private List<IndexEntry> entriesOf(Entity entity) {
      List<IndexEntry> all = new ArrayList<>(BuiltInIndexes.entriesOf(entity));
      Key key = entity.key();
      if (key != null) {
        all.addAll(
            CompositeIndexes.entriesOf(entity, composite.getOrDefault(key.kind(), List.of())));
      }
      return all;
    }

    private static @Nullable Boolean markOf(Snapshot shard, Bytes entry) {
      byte[] bytes = entry.array();
      try (Snapshot.IndexScan scan = shard.indexEntries(bytes, ByteOrder.after(bytes), false)) {
        return scan.isValid() ? scan.multiValued() : null;
      }
    }

    /** Entries of composite indexes that are not ready do not count. */
    private long count(Snapshot shard, byte[] prefix) {
      long count = 0;
      boolean isComposite = Arrays.equals(prefix, CompositeKeyEncoding.beforeNamespace(database));
      try (Snapshot.IndexScan scan =
          shard.indexEntries(prefix, ByteOrder.afterPrefix(prefix), false)) {
        for (; scan.isValid(); scan.next()) {
          if (!isComposite || ready.contains(indexOf(scan.key(), prefix.length))) {
            count++;
          }
        }
      }
      return count;
    }

    private static long indexOf(byte[] entry, int offset) {
      int kind = IndexNames.endOfName(entry, offset);
      return CompositeKeyEncoding.index(entry, IndexNames.endOfName(entry, kind));
    }

    private void tell(String difference) {
      if (differences.size() < DIFFERENCES_MAX) {
        differences.add(difference);
      }
    }
  }
}

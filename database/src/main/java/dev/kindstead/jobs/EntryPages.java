package dev.kindstead.jobs;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.EntrySuffix;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.IndexNames;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.environment.Waiting;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one kind on a shard, over all namespaces of a database, page by page: those of the
 * kind, or those of a composite index. Thread-safe; waits for the disk.
 */
final class EntryPages {
  /** A page whose entries have so many bytes has no more of them. */
  static final int PAGE_BYTES_FULL = 4 << 20;

  private final Transactions transactions;
  private final Waiting waiting;

  EntryPages(Transactions transactions, Waiting waiting) {
    this.transactions = transactions;
    this.waiting = waiting;
  }

  /**
   * Some entries in order.
   *
   * @param entities the row keys of the entities that the entries name; none for an index with
   *     ancestors
   * @param last the last of the entries, empty when there was none
   * @param isLast whether none follow; else there is one at the least
   */
  record Page(List<Bytes> entries, List<Bytes> entities, Bytes last, boolean isLast) {}

  /** The kind's entries behind {@code after}, of the newest state. */
  Page ofKind(int shard, DatabaseId database, String kind, Bytes after, int most) {
    return page(
        shard,
        database,
        IndexNames.beforeNamespace(database),
        partition -> {
          byte[] prefix = IndexKeyEncoding.kindPrefix(partition, kind);
          return new Range(prefix, ByteOrder.afterPrefix(prefix), EntrySuffix.PATH);
        },
        after,
        most);
  }

  /** The index's entries behind {@code after}, of the newest state. */
  Page ofIndex(int shard, IndexDefinition index, Bytes after, int most) {
    return ofIndex(shard, index, null, after, most);
  }

  /** The entries of an index of expiry behind {@code after} up to a time, in microseconds. */
  Page expired(int shard, IndexDefinition index, long now, Bytes after, int most) {
    byte[] bound = CompositeKeyEncoding.value(new Value.TimestampValue(now + 1));
    return ofIndex(shard, index, bound, after, most);
  }

  private Page ofIndex(
      int shard, IndexDefinition index, byte @Nullable [] bound, Bytes after, int most) {
    var suffix =
        new EntrySuffix(
            index.values().stream().map(IndexDefinition.IndexedProperty::descending).toList(),
            index.isKeyDescending(),
            true);
    return page(
        shard,
        index.database(),
        CompositeKeyEncoding.beforeNamespace(index.database()),
        partition -> {
          byte[] prefix = CompositeKeyEncoding.prefix(partition, index.kind(), index.id());
          byte[] until =
              bound == null
                  ? ByteOrder.afterPrefix(prefix)
                  : suffix.join(prefix, new byte[][] {bound});
          return new Range(prefix, until, index.ancestor() ? null : suffix);
        },
        after,
        most);
  }

  /**
   * The wanted entries of a namespace.
   *
   * @param suffix of the entries whose entities are wanted, too; null when they are not
   */
  private record Range(byte[] prefix, byte[] until, @Nullable EntrySuffix suffix) {}

  private Page page(
      int shard,
      DatabaseId database,
      byte[] beforeNamespace,
      Function<PartitionId, Range> ranges,
      Bytes after,
      int most) {
    List<Bytes> entries = new ArrayList<>();
    List<Bytes> entities = new ArrayList<>();
    long bytes = 0;
    byte[] until = ByteOrder.afterPrefix(beforeNamespace);
    byte[] place = after.size() == 0 ? beforeNamespace : ByteOrder.after(after.array());
    try (ReadSession session =
        waiting.join(transactions.readShards(database, new ReadMode.Strong(), new int[] {shard}))) {
      while (true) {
        try (Snapshot.IndexScan scan = session.shard(shard).indexEntries(place, until, false)) {
          if (!scan.isValid()) {
            return page(entries, entities, true);
          }
          byte[] entry = scan.key();
          String namespace = IndexNames.name(entry, beforeNamespace.length);
          var partition = new PartitionId(database.project(), database.database(), namespace);
          Range wanted = ranges.apply(partition);
          byte[] row = KeyEncoding.partitionPrefix(partition);
          for (; isWithin(entry, wanted); entry = scan.key()) {
            if (entries.size() == most || bytes >= PAGE_BYTES_FULL) {
              return page(entries, entities, false);
            }
            entries.add(Bytes.of(entry));
            bytes += entry.length;
            if (wanted.suffix() != null) {
              byte[][] components = wanted.suffix().split(entry, wanted.prefix().length);
              byte[] path = components[components.length - 1];
              entities.add(Bytes.of(IndexKeyEncoding.entityKey(row, path, 0)));
            }
            scan.next();
            if (!scan.isValid()) {
              return page(entries, entities, true);
            }
          }
          place =
              Arrays.compareUnsigned(entry, wanted.prefix()) < 0
                  ? wanted.prefix()
                  : ByteOrder.afterPrefix(
                      Arrays.copyOf(entry, IndexNames.endOfName(entry, beforeNamespace.length)));
        }
      }
    }
  }

  private static boolean isWithin(byte[] entry, Range wanted) {
    return Arrays.compareUnsigned(entry, wanted.prefix()) >= 0
        && Arrays.compareUnsigned(entry, wanted.until()) < 0;
  }

  private static Page page(List<Bytes> entries, List<Bytes> entities, boolean isLast) {
    return new Page(entries, entities, entries.isEmpty() ? Bytes.EMPTY : entries.getLast(), isLast);
  }
}

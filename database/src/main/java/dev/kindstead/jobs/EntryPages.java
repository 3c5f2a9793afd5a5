package dev.kindstead.jobs;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.IndexNames;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.PartitionId;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of one kind on a shard, over all namespaces of a database, page by page: those of the
 * kind, or those of a composite index. Thread-safe; waits for the disk.
 */
final class EntryPages {
  private final Transactions transactions;

  EntryPages(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Some entries in order.
   *
   * @param entities the row keys of the entities that kind entries name; empty for another index
   * @param last the last of the entries, empty when there was none
   * @param isLast whether none follow
   */
  record Page(List<Bytes> entries, List<Bytes> entities, Bytes last, boolean isLast) {}

  /** The kind's entries behind {@code after}, of the newest state. */
  Page ofKind(int shard, DatabaseId database, String kind, Bytes after, int most) {
    return page(
        shard,
        database,
        IndexNames.beforeNamespace(database),
        partition -> IndexKeyEncoding.kindPrefix(partition, kind),
        true,
        after,
        most);
  }

  /** The index's entries behind {@code after}, of the newest state. */
  Page ofIndex(int shard, IndexDefinition index, Bytes after, int most) {
    return page(
        shard,
        index.database(),
        CompositeKeyEncoding.beforeNamespace(index.database()),
        partition -> CompositeKeyEncoding.prefix(partition, index.kind(), index.id()),
        false,
        after,
        most);
  }

  /** What the wanted entries of a namespace start with. */
  private interface Prefix {
    byte[] in(PartitionId partition);
  }

  private Page page(
      int shard,
      DatabaseId database,
      byte[] beforeNamespace,
      Prefix prefix,
      boolean ofKind,
      Bytes after,
      int most) {
    List<Bytes> entries = new ArrayList<>();
    List<Bytes> entities = new ArrayList<>();
    byte[] until = ByteOrder.afterPrefix(beforeNamespace);
    byte[] place = after.size() == 0 ? beforeNamespace : ByteOrder.after(after.array());
    try (ReadSession session =
        transactions.readShards(database, new ReadMode.Strong(), new int[] {shard}).join()) {
      while (true) {
        try (Snapshot.IndexScan scan = session.shard(shard).indexEntries(place, until, false)) {
          if (!scan.isValid()) {
            return page(entries, entities, true);
          }
          byte[] entry = scan.key();
          String namespace = IndexNames.name(entry, beforeNamespace.length);
          var partition = new PartitionId(database.project(), database.database(), namespace);
          byte[] wanted = prefix.in(partition);
          byte[] row = KeyEncoding.partitionPrefix(partition);
          for (; ByteOrder.startsWith(entry, wanted); entry = scan.key()) {
            if (entries.size() == most) {
              return page(entries, entities, false);
            }
            entries.add(Bytes.of(entry));
            if (ofKind) {
              entities.add(Bytes.of(IndexKeyEncoding.entityKey(row, entry, wanted.length)));
            }
            scan.next();
            if (!scan.isValid()) {
              return page(entries, entities, true);
            }
          }
          place =
              Arrays.compareUnsigned(entry, wanted) < 0
                  ? wanted
                  : ByteOrder.afterPrefix(
                      Arrays.copyOf(entry, IndexNames.endOfName(entry, beforeNamespace.length)));
        }
      }
    }
  }

  private static Page page(List<Bytes> entries, List<Bytes> entities, boolean isLast) {
    return new Page(entries, entities, entries.isEmpty() ? Bytes.EMPTY : entries.getLast(), isLast);
  }
}

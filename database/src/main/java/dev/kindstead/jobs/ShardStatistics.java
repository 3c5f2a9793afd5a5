package dev.kindstead.jobs;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.StatisticsKinds;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.ShardMark;
import dev.kindstead.transaction.Transactions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one shard holds, counted page by page while commits go on: each page is read as of its own
 * moment. Confined to one thread.
 */
final class ShardStatistics {
  /** Rows counted in one step. */
  static final int PAGE = 500;

  private static final byte[] NO_BOUND = {};

  private final int shard;
  private final ShardMark mark;
  private final List<IndexDefinition> indexes;
  private final Map<DatabaseId, DatabaseStatistics> databases = new HashMap<>();
  private final Map<DatabaseId, Set<Key>> published = new HashMap<>();
  private byte[] place = NO_BOUND;
  private boolean done;

  /**
   * Nothing is counted yet.
   *
   * @param indexes those that are ready, of all databases
   */
  ShardStatistics(Transactions transactions, int shard, List<IndexDefinition> indexes) {
    this.shard = shard;
    this.indexes = indexes;
    mark = transactions.mark(shard);
  }

  /** Whether it still says what counting again would. */
  boolean isUpToDate(Transactions transactions, List<IndexDefinition> indexesNow) {
    return done && mark.equals(transactions.mark(shard)) && indexes.equals(indexesNow);
  }

  boolean isDone() {
    return done;
  }

  /** Counts one more page; waits for the disk. */
  void countPage(Transactions transactions) {
    try (ReadSession session = transactions.readShard(shard).join();
        Snapshot.EntityScan scan = session.shard(shard).entities(place, NO_BOUND, false)) {
      int rows = 0;
      for (; scan.isValid() && rows < PAGE; scan.next()) {
        count(scan.key(), scan.row().entity());
        rows++;
        place = ByteOrder.after(scan.key());
      }
      done = !scan.isValid();
    }
    databases.values().forEach(DatabaseStatistics::limit);
  }

  private void count(byte[] row, byte[] bytes) {
    Key key = KeyEncoding.decodeEntityKey(row);
    DatabaseId database = key.partition().databaseId();
    if (StatisticsKinds.contains(key.kind())) {
      published.computeIfAbsent(database, _ -> new HashSet<>()).add(key);
      return;
    }
    List<IndexDefinition> ofKind =
        indexes.stream()
            .filter(each -> each.kind().equals(key.kind()) && each.database().equals(database))
            .toList();
    databases
        .computeIfAbsent(database, _ -> new DatabaseStatistics())
        .add(key, EntityEncoding.decode(bytes), (long) row.length + bytes.length, ofKind);
  }

  Map<DatabaseId, DatabaseStatistics> databases() {
    return databases;
  }

  /** The statistics entities that the shard held. */
  Map<DatabaseId, Set<Key>> published() {
    return published;
  }
}

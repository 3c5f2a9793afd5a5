package dev.kindstead.jobs;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Compares a database's index entries with its entities, in both directions: built-in indexes and
 * composite ones that are ready. Each shard is read as of one moment; an index that is deleted
 * meanwhile may show differences. Thread-safe, one check at a time; reads everything, and waits for
 * the disk.
 */
public final class IndexCheck {
  /** Differences told at most. */
  public static final int DIFFERENCES_MAX = 100;

  /** Of one check, on both sides of a call. */
  public static final Duration TIME_MAX = Duration.ofHours(6);

  private final Transactions transactions;
  private final AtomicBoolean isRunning = new AtomicBoolean();

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

  /**
   * Checks one database. FAILED_PRECONDITION while another check goes on.
   *
   * @param isOver whether nobody waits for it any more; then it ends, with CANCELLED
   */
  public Report check(DatabaseId database, BooleanSupplier isOver) {
    if (!isRunning.compareAndSet(false, true)) {
      throw DatastoreException.failedPrecondition(
          "a check of indexes is running; please try again when it has ended");
    }
    try {
      return checked(database, isOver);
    } finally {
      isRunning.set(false);
    }
  }

  private Report checked(DatabaseId database, BooleanSupplier isOver) {
    var comparison = new IndexComparison(ready(database), database, isOver);
    for (int shard = 0; shard < transactions.indexes().shards(); shard++) {
      try (ReadSession session =
          transactions.readShards(database, new ReadMode.Strong(), new int[] {shard}).join()) {
        comparison.compare(session.shard(shard));
      }
    }
    return comparison.report();
  }

  private Map<String, List<IndexDefinition>> ready(DatabaseId database) {
    return transactions.indexes().all().stream()
        .filter(each -> each.state() == IndexState.READY)
        .map(IndexRecord::definition)
        .filter(each -> each.database().equals(database))
        .collect(Collectors.groupingBy(IndexDefinition::kind));
  }
}

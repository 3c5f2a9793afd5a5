package dev.kindstead.service;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.query.Query;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs a structured query and answers one batch of its results. */
public final class RunQuery {
  private final Transactions transactions;

  private final ShardMap map;
  private final Clock clock;
  private final Executor executor;

  /**
   * @param executor a bounded pool: scans may wait for the disk
   */
  public RunQuery(Transactions transactions, ShardMap map, Clock clock, Executor executor) {
    this.transactions = transactions;
    this.map = map;
    this.clock = clock;
    this.executor = executor;
  }

  /**
   * @param mask the properties to answer of whole entities; null for all
   */
  public CompletableFuture<Response> run(
      ReadMode mode, Query query, @Nullable List<PropertyPath> mask) {
    throw new UnsupportedOperationException(transactions.toString() + map + clock + executor);
  }

  /** One batch. */
  public record Response(QueryBatch batch, @Nullable TransactionId newTransaction) {}
}

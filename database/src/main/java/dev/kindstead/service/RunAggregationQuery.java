package dev.kindstead.service;

import dev.kindstead.model.Value;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Aggregates over a query's results. */
public final class RunAggregationQuery {
  private final Transactions transactions;

  public RunAggregationQuery(Transactions transactions) {
    this.transactions = transactions;
  }

  public CompletableFuture<Response> run(
      ReadMode mode, Query query, List<Aggregation> aggregations) {
    throw new UnsupportedOperationException(transactions.toString());
  }

  /**
   * The one row of results.
   *
   * @param values by alias
   * @param readTime microseconds
   */
  public record Response(
      Map<String, Value.Content> values, long readTime, @Nullable TransactionId newTransaction) {}
}

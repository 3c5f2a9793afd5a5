package dev.kindstead.service;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.Value;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Aggregates over a query's results. Thread-safe. */
public final class RunAggregationQuery {
  private final Queries queries;
  private final QuerySessions sessions;

  /**
   * @param executor a bounded pool: scans may wait for the disk
   */
  public RunAggregationQuery(
      Transactions transactions, ShardMap map, Clock clock, Executor executor) {
    queries = new Queries(map, clock);
    sessions = new QuerySessions(transactions, executor);
  }

  public CompletableFuture<Response> run(
      ReadMode mode, Query query, List<Aggregation> aggregations) {
    return sessions.run(
        mode,
        query,
        () -> queries.prepare(query, aggregations),
        (prepared, session) ->
            new Response(
                prepared.aggregate(session, aggregations),
                session.readTime(),
                session.newTransaction()));
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

package dev.kindstead.service;

import dev.kindstead.query.Aggregated;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Explain;
import dev.kindstead.query.IndexUse;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Aggregates over a query's results. Thread-safe. */
public final class RunAggregationQuery {
  private final Queries queries;
  private final QuerySessions sessions;

  public RunAggregationQuery(Queries queries, QuerySessions sessions) {
    this.queries = queries;
    this.sessions = sessions;
  }

  /**
   * @param deadlineNanos by the monotonic clock: a query whose turn comes later is not begun
   */
  public CompletableFuture<Response> run(
      ReadMode mode,
      Query query,
      List<Aggregation> aggregations,
      Explain explain,
      long deadlineNanos) {
    return sessions.run(
        mode,
        query,
        deadlineNanos,
        () -> queries.prepare(query, aggregations),
        (prepared, session) ->
            new Response(
                explain == Explain.PLAN ? null : prepared.aggregate(session, aggregations),
                session.readTime(),
                session.takeNewTransaction(),
                explain == Explain.NOTHING ? null : prepared.indexesUsed()));
  }

  /**
   * The one row of results.
   *
   * @param result null when only the plan was asked for
   * @param readTime microseconds
   * @param indexesUsed null when no explanation was asked for
   */
  public record Response(
      @Nullable Aggregated result,
      long readTime,
      @Nullable TransactionId newTransaction,
      @Nullable List<IndexUse> indexesUsed) {}
}

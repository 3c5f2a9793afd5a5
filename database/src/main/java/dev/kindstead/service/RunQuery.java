package dev.kindstead.service;

import dev.kindstead.model.PropertyPath;
import dev.kindstead.query.Explain;
import dev.kindstead.query.IndexUse;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs a structured query and answers one batch of its results. Thread-safe. */
public final class RunQuery {
  private final Queries queries;
  private final QuerySessions sessions;

  public RunQuery(Queries queries, QuerySessions sessions) {
    this.queries = queries;
    this.sessions = sessions;
  }

  /**
   * @param mask the properties to answer of whole entities; null for all
   * @param deadlineNanos by the monotonic clock: a query whose turn comes later is not begun
   */
  public CompletableFuture<Response> run(
      ReadMode mode,
      Query query,
      @Nullable List<PropertyPath> mask,
      Explain explain,
      long deadlineNanos) {
    boolean looksAhead =
        !(mode instanceof ReadMode.InTransaction || mode instanceof ReadMode.InNewTransaction);
    return sessions.run(
        mode,
        query,
        deadlineNanos,
        () -> queries.prepare(query),
        (prepared, session) ->
            new Response(
                explain == Explain.PLAN ? null : prepared.run(session, mask, looksAhead),
                session.takeNewTransaction(),
                explain == Explain.NOTHING ? null : prepared.indexesUsed()));
  }

  /**
   * One batch.
   *
   * @param batch null when only the plan was asked for
   * @param indexesUsed null when no explanation was asked for
   */
  public record Response(
      @Nullable QueryBatch batch,
      @Nullable TransactionId newTransaction,
      @Nullable List<IndexUse> indexesUsed) {}
}

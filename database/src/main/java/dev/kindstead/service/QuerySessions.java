package dev.kindstead.service;

import dev.kindstead.environment.Clock;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Plans a query on the caller, runs it on the pool, closes its session. Thread-safe. */
public final class QuerySessions {
  private final Transactions transactions;
  private final ReadingThreads threads;
  private final IndexWishes wishes;

  /**
   * @param executor a bounded pool: scans may wait for the disk
   */
  public QuerySessions(
      Transactions transactions, IndexWishes wishes, Executor executor, Clock clock) {
    this.wishes = wishes;
    this.transactions = transactions;
    threads = new ReadingThreads(executor, clock);
  }

  /**
   * Nothing is begun or read for a query that cannot be prepared.
   *
   * @param deadlineNanos by the monotonic clock: a query whose turn comes later is not begun
   */
  <T> CompletableFuture<T> run(
      ReadMode mode,
      Query query,
      long deadlineNanos,
      Supplier<Queries.Prepared> preparation,
      BiFunction<Queries.Prepared, ReadSession, T> reading) {
    Queries.Prepared prepared;
    try {
      prepared = preparation.get();
      if (wishes != IndexWishes.UNHEARD) {
        wishes.note(prepared.indexesRequired());
      }
    } catch (RuntimeException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return transactions
        .readShards(query.partition().databaseId(), mode, prepared.shards())
        .thenCompose(session ->
            threads.read(session, deadlineNanos, opened -> reading.apply(prepared, opened)));
  }
}

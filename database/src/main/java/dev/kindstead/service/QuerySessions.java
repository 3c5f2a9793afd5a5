package dev.kindstead.service;

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
final class QuerySessions {
  private final Transactions transactions;
  private final Executor executor;

  QuerySessions(Transactions transactions, Executor executor) {
    this.transactions = transactions;
    this.executor = executor;
  }

  /**
   * Nothing is begun or read for a query that cannot be prepared. A full pool refuses with the
   * executor's own error.
   */
  <T> CompletableFuture<T> run(
      ReadMode mode,
      Query query,
      Supplier<Queries.Prepared> preparation,
      BiFunction<Queries.Prepared, ReadSession, T> reading) {
    Queries.Prepared prepared;
    try {
      prepared = preparation.get();
    } catch (RuntimeException invalid) {
      return CompletableFuture.failedFuture(invalid);
    }
    return transactions
        .readShards(query.partition().databaseId(), mode, prepared.shards())
        .thenApplyAsync(
            session -> {
              try (session) {
                return reading.apply(prepared, session);
              }
            },
            executor);
  }
}

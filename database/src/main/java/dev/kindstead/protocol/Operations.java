package dev.kindstead.protocol;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Query;
import dev.kindstead.service.Lookup;
import dev.kindstead.service.RunAggregationQuery;
import dev.kindstead.service.RunQuery;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the front door can ask for: the eight data operations, in model records. What has to wait
 * for a thread is not begun after its deadline, by the monotonic clock. Thread-safe.
 */
public interface Operations {
  CompletableFuture<Lookup.Response> lookup(Lookup.Request request);

  CompletableFuture<RunQuery.Response> runQuery(
      ReadMode mode,
      Query query,
      @Nullable List<PropertyPath> mask,
      Explain explain,
      long deadlineNanos);

  CompletableFuture<RunAggregationQuery.Response> runAggregationQuery(
      ReadMode mode,
      Query query,
      List<Aggregation> aggregations,
      Explain explain,
      long deadlineNanos);

  CompletableFuture<TransactionId> begin(DatabaseId database, TransactionOptions options);

  CompletableFuture<CommitResult> commit(CommitRequest request);

  CompletableFuture<Void> rollback(TransactionId transaction);

  CompletableFuture<List<Key>> allocateIds(List<Key> incomplete);

  CompletableFuture<Void> reserveIds(List<Key> complete);

  /** The real ones; tests bring others. */
  static Operations of(
      Transactions transactions,
      Lookup lookup,
      RunQuery runQuery,
      RunAggregationQuery runAggregationQuery) {
    return new Operations() {
      @Override
      public CompletableFuture<Lookup.Response> lookup(Lookup.Request request) {
        return lookup.run(request);
      }

      @Override
      public CompletableFuture<RunQuery.Response> runQuery(
          ReadMode mode,
          Query query,
          @Nullable List<PropertyPath> mask,
          Explain explain,
          long deadlineNanos) {
        return runQuery.run(mode, query, mask, explain, deadlineNanos);
      }

      @Override
      public CompletableFuture<RunAggregationQuery.Response> runAggregationQuery(
          ReadMode mode,
          Query query,
          List<Aggregation> aggregations,
          Explain explain,
          long deadlineNanos) {
        return runAggregationQuery.run(mode, query, aggregations, explain, deadlineNanos);
      }

      @Override
      public CompletableFuture<TransactionId> begin(
          DatabaseId database, TransactionOptions options) {
        return transactions.begin(database, options);
      }

      @Override
      public CompletableFuture<CommitResult> commit(CommitRequest request) {
        return transactions.commit(request);
      }

      @Override
      public CompletableFuture<Void> rollback(TransactionId transaction) {
        return transactions.rollback(transaction);
      }

      @Override
      public CompletableFuture<List<Key>> allocateIds(List<Key> incomplete) {
        return transactions.allocateIds(incomplete);
      }

      @Override
      public CompletableFuture<Void> reserveIds(List<Key> complete) {
        return transactions.reserveIds(complete);
      }
    };
  }
}

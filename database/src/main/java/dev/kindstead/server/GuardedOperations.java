package dev.kindstead.server;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.protocol.Operations;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations, with writes refused before any work while the disk is almost full. Thread-safe.
 */
final class GuardedOperations implements Operations {
  private final Operations operations;
  private final DiskGuard disk;

  GuardedOperations(Operations operations, DiskGuard disk) {
    this.operations = operations;
    this.disk = disk;
  }

  @Override
  public CompletableFuture<Lookup.Response> lookup(Lookup.Request request) {
    return operations.lookup(request);
  }

  @Override
  public CompletableFuture<RunQuery.Response> runQuery(
      ReadMode mode,
      Query query,
      @Nullable List<PropertyPath> mask,
      Explain explain,
      long deadlineNanos) {
    return operations.runQuery(mode, query, mask, explain, deadlineNanos);
  }

  @Override
  public CompletableFuture<RunAggregationQuery.Response> runAggregationQuery(
      ReadMode mode,
      Query query,
      List<Aggregation> aggregations,
      Explain explain,
      long deadlineNanos) {
    return operations.runAggregationQuery(mode, query, aggregations, explain, deadlineNanos);
  }

  @Override
  public CompletableFuture<TransactionId> begin(DatabaseId database, TransactionOptions options) {
    return operations.begin(database, options);
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    boolean onlyDeletes = request.mutations().stream().allMatch(GuardedOperations::isDelete);
    return unlessRefused(onlyDeletes, () -> operations.commit(request));
  }

  @Override
  public CompletableFuture<Void> rollback(TransactionId transaction) {
    return operations.rollback(transaction);
  }

  @Override
  public CompletableFuture<List<Key>> allocateIds(List<Key> incomplete) {
    return unlessRefused(false, () -> operations.allocateIds(incomplete));
  }

  @Override
  public CompletableFuture<Void> reserveIds(List<Key> complete) {
    return unlessRefused(false, () -> operations.reserveIds(complete));
  }

  private static boolean isDelete(Mutation mutation) {
    return mutation.operation() == Mutation.Operation.DELETE;
  }

  private <T> CompletableFuture<T> unlessRefused(
      boolean onlyDeletes, Supplier<CompletableFuture<T>> write) {
    Optional<DatastoreException> refusal = disk.refusal(onlyDeletes);
    return refusal.isPresent() ? CompletableFuture.failedFuture(refusal.get()) : write.get();
  }
}

package dev.kindstead.protocol;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.MutationResult;
import dev.kindstead.model.NotServedException;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.Aggregated;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Explain;
import dev.kindstead.query.IndexUse;
import dev.kindstead.query.Query;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.query.Work;
import dev.kindstead.service.Lookup;
import dev.kindstead.service.RunAggregationQuery;
import dev.kindstead.service.RunQuery;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A map of entities behind the front door; keeps what it was asked last. */
final class FakeOperations implements Operations {
  private static final List<IndexUse> INDEXES =
      List.of(new IndexUse("(a DESC, __name__ DESC)", true), new IndexUse("(b ASC)", false));

  static final long EPOCH_MICROS = 1_700_000_000_123_456L;

  private final Map<Key, EntityRow> rows = new ConcurrentHashMap<>();
  private final AtomicLong clock = new AtomicLong(EPOCH_MICROS);
  private final Map<TransactionId, CommitResult> answers = new ConcurrentHashMap<>();

  /** How many commits were made; one that is repeated with its transaction is made once. */
  final AtomicInteger commits = new AtomicInteger();

  /** So many of the next lookups and commits find that nobody leads. */
  final AtomicInteger notServed = new AtomicInteger();

  volatile @Nullable CommitRequest lastCommit;
  volatile Lookup.@Nullable Request lastLookup;
  volatile @Nullable Query lastQuery;
  volatile @Nullable List<PropertyPath> lastMask;
  volatile @Nullable List<Aggregation> lastAggregations;
  volatile @Nullable TransactionOptions lastOptions;

  final Queue<TransactionId> rolledBack = new ConcurrentLinkedQueue<>();

  /** When set, every operation ends like this. */
  volatile @Nullable CompletableFuture<?> outcome;

  /** How many were to end like that. */
  final AtomicInteger endedSo = new AtomicInteger();

  @Override
  public CompletableFuture<Lookup.Response> lookup(Lookup.Request request) {
    lastLookup = request;
    if (isNotServed()) {
      return CompletableFuture.failedFuture(new NotServedException("nobody leads"));
    }
    var found = new ArrayList<Lookup.Found>();
    var missing = new ArrayList<Key>();
    for (Key key : request.keys()) {
      EntityRow row = rows.get(key);
      if (row == null) {
        missing.add(key);
      } else {
        found.add(new Lookup.Found(key, row));
      }
    }
    TransactionId begun =
        request.mode() instanceof ReadMode.InNewTransaction ? transaction() : null;
    return end(new Lookup.Response(found, missing, List.of(), begun, clock.get()));
  }

  @Override
  public CompletableFuture<RunQuery.Response> runQuery(
      ReadMode mode,
      Query query,
      @Nullable List<PropertyPath> mask,
      Explain explain,
      long deadlineNanos) {
    lastQuery = query;
    lastMask = mask;
    var results = new ArrayList<QueryBatch.QueryResult>();
    rows.values()
        .forEach(row ->
            results.add(
                new QueryBatch.QueryResult(
                    row.entity(),
                    row.updateTime(),
                    row.createTime(),
                    row.updateTime(),
                    new byte[] {1, 2})));
    var batch =
        new QueryBatch(
            QueryBatch.ResultType.FULL,
            results,
            3,
            new byte[] {7},
            new byte[] {8},
            QueryBatch.MoreResults.NO_MORE_RESULTS,
            clock.get(),
            new Work(5, 4, 1_500_000_000));
    TransactionId begun = mode instanceof ReadMode.InNewTransaction ? transaction() : null;
    return end(
        new RunQuery.Response(
            explain == Explain.PLAN ? null : batch,
            begun,
            explain == Explain.NOTHING ? null : INDEXES));
  }

  @Override
  public CompletableFuture<RunAggregationQuery.Response> runAggregationQuery(
      ReadMode mode,
      Query query,
      List<Aggregation> aggregations,
      Explain explain,
      long deadlineNanos) {
    lastQuery = query;
    lastAggregations = aggregations;
    Map<String, Value.Content> values = new LinkedHashMap<>();
    aggregations.forEach(each -> values.put(each.alias(), new Value.IntegerValue(rows.size())));
    return end(
        new RunAggregationQuery.Response(
            explain == Explain.PLAN ? null : new Aggregated(values, new Work(2_001, 0, 7)),
            clock.get(),
            null,
            explain == Explain.NOTHING ? null : INDEXES));
  }

  @Override
  public CompletableFuture<TransactionId> begin(DatabaseId database, TransactionOptions options) {
    lastOptions = options;
    return end(transaction());
  }

  static TransactionId transaction() {
    return new TransactionId(Bytes.of(new byte[] {4, 2}));
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    lastCommit = request;
    if (isNotServed()) {
      return CompletableFuture.failedFuture(new NotServedException("nobody leads"));
    }
    TransactionId transaction = request.transaction();
    return end(
        transaction == null
            ? make(request)
            : answers.computeIfAbsent(transaction, _ -> make(request)));
  }

  private boolean isNotServed() {
    return notServed.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private CommitResult make(CommitRequest request) {
    commits.incrementAndGet();
    long now = clock.incrementAndGet();
    var results = new ArrayList<MutationResult>();
    for (Mutation mutation : request.mutations()) {
      results.add(apply(mutation, now));
    }
    return new CommitResult(results, 2, now);
  }

  private MutationResult apply(Mutation mutation, long now) {
    Entity entity = mutation.entity();
    if (entity == null) {
      rows.remove(mutation.key());
      return new MutationResult(null, now, 0, 0, false, List.of());
    }
    Key key = mutation.key().isComplete() ? mutation.key() : mutation.key().withId(now);
    byte[] bytes = EntityEncoding.encode(new Entity(key, entity.properties()));
    rows.put(key, new EntityRow(bytes, 0, now, now));
    return new MutationResult(
        mutation.key().isComplete() ? null : key, now, now, now, false, List.of());
  }

  @Override
  public CompletableFuture<Void> rollback(TransactionId transaction) {
    rolledBack.add(transaction);
    return end(null);
  }

  @Override
  public CompletableFuture<List<Key>> allocateIds(List<Key> incomplete) {
    return end(incomplete.stream().map(key -> key.withId(clock.incrementAndGet())).toList());
  }

  @Override
  public CompletableFuture<Void> reserveIds(List<Key> complete) {
    return end(null);
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private <T> CompletableFuture<T> end(@Nullable T result) {
    CompletableFuture<?> otherwise = outcome;
    if (otherwise == null) {
      return CompletableFuture.completedFuture(result);
    }
    endedSo.incrementAndGet();
    return (CompletableFuture<T>) otherwise;
  }
}

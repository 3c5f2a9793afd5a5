package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReserveIdsRequest;
import com.google.datastore.v1.ReserveIdsResponse;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RollbackResponse;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.Message;
import dev.kindstead.gql.Gql;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Query;
import dev.kindstead.service.Lookup;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One method for each RPC: request message to model, operation, result to answer. What is wrong
 * with a request is thrown; what goes wrong later ends the future. Thread-safe.
 */
final class Handlers {
  private static final Answer NOTHING_TO_TELL = Answer.of(RollbackResponse.getDefaultInstance());
  private static final Answer RESERVED = Answer.of(ReserveIdsResponse.getDefaultInstance());

  private final Operations operations;
  private final Limits limits;

  Handlers(Operations operations, Limits limits) {
    this.operations = operations;
    this.limits = limits;
  }

  /**
   * @param project the project in the URL, null for gRPC
   * @param deadline by System.nanoTime: what has to wait for longer is not begun
   */
  CompletableFuture<Answer> handle(
      Rpc rpc, Message request, @Nullable String project, long deadline) {
    return switch (rpc) {
      case LOOKUP -> lookup((LookupRequest) request, project, deadline);
      case RUN_QUERY -> runQuery((RunQueryRequest) request, project, deadline);
      case RUN_AGGREGATION_QUERY ->
          aggregate((RunAggregationQueryRequest) request, project, deadline);
      case BEGIN_TRANSACTION -> begin((BeginTransactionRequest) request, project);
      case COMMIT -> commit((CommitRequest) request, project, deadline);
      case ROLLBACK -> rollback((RollbackRequest) request, project);
      case ALLOCATE_IDS -> allocateIds((AllocateIdsRequest) request, project);
      case RESERVE_IDS -> reserveIds((ReserveIdsRequest) request, project);
    };
  }

  /**
   * No client hears of it: a transaction that it tells of would keep its locks for long.
   *
   * @return whether it tells of one, which is over now
   */
  boolean unheard(Answer answer) {
    TransactionId begun = answer.begun();
    if (begun == null) {
      return false;
    }
    var unused = operations.rollback(begun);
    return true;
  }

  private CompletableFuture<Answer> lookup(
      LookupRequest sent, @Nullable String project, long deadline) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    if (sent.getKeysCount() > limits.lookupKeysMax()) {
      throw invalidArgument(
          "cannot get more than " + limits.lookupKeysMax() + " keys in a single call");
    }
    ReadMode mode = ReadModes.mode(sent.getReadOptions());
    List<Key> keys = new KeyReader(scope).readAll(sent.getKeysList(), KeyReader.Purpose.READ);
    List<PropertyPath> mask =
        sent.hasPropertyMask() ? PropertyPaths.read(sent.getPropertyMask(), true, limits) : null;
    return operations
        .lookup(new Lookup.Request(scope.databaseId(), mode, keys, mask, deadline))
        .thenApply(LookupAnswer::new);
  }

  private CompletableFuture<Answer> runQuery(
      RunQueryRequest sent, @Nullable String project, long deadline) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    Explain explain = Explanations.asked(sent.hasExplainOptions(), sent.getExplainOptions());
    var asked =
        sent.hasGqlQuery() ? Gql.query(sent.getGqlQuery(), sent.getPartitionId()) : sent.getQuery();
    if (!sent.hasQuery() && !sent.hasGqlQuery()) {
      throw invalidArgument("One of fields Query.query and Query.gql_query must be set.");
    }
    ReadMode mode = ReadModes.mode(sent.getReadOptions());
    Query query = new QueryReader(scope).read(sent.getPartitionId(), asked);
    List<PropertyPath> mask = null;
    if (sent.hasPropertyMask()) {
      if (!query.projection().isEmpty()) {
        throw invalidArgument("property_mask cannot be set with a projection.");
      }
      mask = PropertyPaths.read(sent.getPropertyMask(), true, limits);
    }
    return operations
        .runQuery(mode, query, mask, explain, deadline)
        .thenApply(response -> Answers.query(response, sent.hasGqlQuery() ? asked : null));
  }

  private CompletableFuture<Answer> aggregate(
      RunAggregationQueryRequest sent, @Nullable String project, long deadline) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    Explain explain = Explanations.asked(sent.hasExplainOptions(), sent.getExplainOptions());
    var asked =
        sent.hasGqlQuery()
            ? Gql.aggregation(sent.getGqlQuery(), sent.getPartitionId())
            : sent.getAggregationQuery();
    if (!asked.hasNestedQuery()) {
      throw invalidArgument("An aggregation query must have a nested query.");
    }
    ReadMode mode = ReadModes.mode(sent.getReadOptions());
    List<Aggregation> aggregations = new AggregationReader(limits).read(asked);
    Query query = new QueryReader(scope).read(sent.getPartitionId(), asked.getNestedQuery());
    return operations
        .runAggregationQuery(mode, query, aggregations, explain, deadline)
        .thenApply(response -> Answers.aggregation(response, sent.hasGqlQuery() ? asked : null));
  }

  private CompletableFuture<Answer> begin(BeginTransactionRequest sent, @Nullable String project) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    return operations
        .begin(scope.databaseId(), ReadModes.options(sent.getTransactionOptions()))
        .thenApply(Answers::begin);
  }

  private CompletableFuture<Answer> commit(
      CommitRequest sent, @Nullable String project, long deadline) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    var request = new CommitReader(scope).read(sent, deadline);
    return operations
        .commit(request)
        .handle((result, failure) -> {
          if (failure != null) {
            throw ofCommit(failure);
          }
          try {
            return Answers.commit(result, request.transactional());
          } catch (RuntimeException fault) {
            throw unknownCommit(fault);
          }
        });
  }

  /** Of what nobody has foreseen, nobody knows how far the commit has come. */
  private static DatastoreException ofCommit(Throwable failure) {
    return Failure.cause(failure) instanceof DatastoreException foreseen
        ? foreseen
        : unknownCommit(failure);
  }

  private static DatastoreException unknownCommit(Throwable fault) {
    return new DatastoreException(
        Code.INTERNAL, "commit outcome unknown: " + Failure.of(fault).message());
  }

  private CompletableFuture<Answer> rollback(RollbackRequest sent, @Nullable String project) {
    scope(project, sent.getProjectId(), sent.getDatabaseId());
    return operations
        .rollback(ReadModes.transaction(sent.getTransaction()))
        .thenApply(nothing -> NOTHING_TO_TELL);
  }

  private CompletableFuture<Answer> allocateIds(AllocateIdsRequest sent, @Nullable String project) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    checkAllocated(sent.getKeysCount());
    List<Key> keys = new KeyReader(scope).readAll(sent.getKeysList(), KeyReader.Purpose.ALLOCATE);
    return operations.allocateIds(keys).thenApply(Answers::allocateIds);
  }

  private CompletableFuture<Answer> reserveIds(ReserveIdsRequest sent, @Nullable String project) {
    RequestScope scope = scope(project, sent.getProjectId(), sent.getDatabaseId());
    checkAllocated(sent.getKeysCount());
    List<Key> keys = new KeyReader(scope).readAll(sent.getKeysList(), KeyReader.Purpose.WRITE);
    return operations.reserveIds(keys).thenApply(nothing -> RESERVED);
  }

  private RequestScope scope(@Nullable String project, String bodyProject, String database) {
    return RequestScope.of(project, bodyProject, database, limits);
  }

  private void checkAllocated(int keys) {
    if (keys > limits.allocatedKeysMax()) {
      throw invalidArgument(
          "cannot allocate more than " + limits.allocatedKeysMax() + " ids in a single call");
    }
  }
}

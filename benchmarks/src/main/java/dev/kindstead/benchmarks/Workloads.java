package dev.kindstead.benchmarks;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.Int32Value;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.benchmarks.Workload.End;
import dev.kindstead.benchmarks.Workload.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** The operations that are measured, over one dataset. Immutable. */
final class Workloads {
  private static final int QUERY_LIMIT = 20;
  private static final int ABORTED = 10;

  /** Field 1 of LookupResponse, {@code found}: first in an answer that has it. */
  private static final int FOUND = 0x0a;

  /** A query answer with twenty entities of 1 KiB can't be smaller. */
  private static final int QUERY_ANSWER_BYTES_MIN = QUERY_LIMIT << 10;

  private final Dataset data;

  Workloads(Dataset data) {
    this.data = data;
  }

  /** By the names they have in tables and options. */
  Map<String, Workload> all() {
    Map<String, Workload> all = new LinkedHashMap<>();
    all.put("lookup", this::lookup);
    all.put("upsert", this::upsert);
    all.put("transaction", this::transaction);
    all.put("query", this::query);
    all.put("mix", this::mix);
    return all;
  }

  /** One existing entity by its key. */
  void lookup(GrpcConnection connection, Random random, End end) {
    LookupRequest request =
        LookupRequest.newBuilder()
            .setProjectId(data.project())
            .addKeys(data.key(random.nextInt(data.preloaded())))
            .build();
    connection.call(
        Rpc.LOOKUP,
        request.toByteArray(),
        (status, answer) ->
            end.ended(
                status == 0 && answer[0] == FOUND
                    ? Outcome.DONE
                    : outcome(status, Outcome.FAILED)));
  }

  /** One entity, existing or new, outside a transaction. */
  void upsert(GrpcConnection connection, Random random, End end) {
    CommitRequest request =
        CommitRequest.newBuilder()
            .setProjectId(data.project())
            .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
            .addMutations(
                Mutation.newBuilder()
                    .setUpsert(data.entity(random.nextInt(data.keys()), random.nextInt())))
            .build();
    connection.call(
        Rpc.COMMIT,
        request.toByteArray(),
        (status, answer) -> end.ended(outcome(status, Outcome.DONE)));
  }

  /** Two existing entities read and written back, in two calls: the lookup begins it. */
  void transaction(GrpcConnection connection, Random random, End end) {
    int first = random.nextInt(data.preloaded());
    int second = (first + 1 + random.nextInt(data.preloaded() - 1)) % data.preloaded();
    transaction(connection, new KeyPair(first, second), end);
  }

  /** The same with two entities of the caller's choice. */
  Workload transactions(Function<Random, KeyPair> pairs) {
    return (connection, random, end) -> transaction(connection, pairs.apply(random), end);
  }

  private void transaction(GrpcConnection connection, KeyPair pair, End end) {
    LookupRequest.Builder lookup =
        LookupRequest.newBuilder()
            .setProjectId(data.project())
            .addKeys(data.key(pair.first()))
            .addKeys(data.key(pair.second()));
    lookup
        .getReadOptionsBuilder()
        .setNewTransaction(
            TransactionOptions.newBuilder()
                .setReadWrite(TransactionOptions.ReadWrite.getDefaultInstance()));
    connection.call(
        Rpc.LOOKUP,
        lookup.build().toByteArray(),
        (status, answer) -> {
          if (status == 0) {
            writeBack(connection, answer, end);
          } else {
            end.ended(outcome(status, Outcome.FAILED));
          }
        });
  }

  private void writeBack(GrpcConnection connection, byte[] lookedUp, End end) {
    LookupResponse read;
    try {
      read = LookupResponse.parseFrom(lookedUp);
    } catch (InvalidProtocolBufferException e) {
      end.ended(Outcome.FAILED);
      return;
    }
    CommitRequest.Builder commit =
        CommitRequest.newBuilder()
            .setProjectId(data.project())
            .setMode(CommitRequest.Mode.TRANSACTIONAL)
            .setTransaction(read.getTransaction());
    read.getFoundList()
        .forEach(
            found -> commit.addMutations(Mutation.newBuilder().setUpdate(next(found.getEntity()))));
    connection.call(
        Rpc.COMMIT,
        commit.build().toByteArray(),
        (status, answer) -> end.ended(outcome(status, Outcome.DONE)));
  }

  private static Entity next(Entity entity) {
    Entity.Builder next = entity.toBuilder();
    long rank = entity.getPropertiesOrThrow(Dataset.RANK).getIntegerValue();
    return next.putProperties(
            Dataset.RANK,
            entity.getPropertiesOrThrow(Dataset.RANK).toBuilder().setIntegerValue(rank + 1).build())
        .build();
  }

  /** The first twenty entities of one category. */
  void query(GrpcConnection connection, Random random, End end) {
    Query.Builder query = Query.newBuilder().setLimit(Int32Value.of(QUERY_LIMIT));
    query.addKindBuilder().setName(Dataset.KIND);
    PropertyFilter.Builder filter = query.getFilterBuilder().getPropertyFilterBuilder();
    filter.getPropertyBuilder().setName(Dataset.CATEGORY);
    filter
        .setOp(PropertyFilter.Operator.EQUAL)
        .setValue(Dataset.category(random.nextInt(Dataset.CATEGORIES)));
    RunQueryRequest request =
        RunQueryRequest.newBuilder().setProjectId(data.project()).setQuery(query).build();
    connection.call(
        Rpc.RUN_QUERY,
        request.toByteArray(),
        (status, answer) ->
            end.ended(
                outcome(
                    status,
                    answer.length >= QUERY_ANSWER_BYTES_MIN ? Outcome.DONE : Outcome.FAILED)));
  }

  /** Of a hundred operations 70 lookups, 15 upserts, 10 queries and 5 transactions. */
  void mix(GrpcConnection connection, Random random, End end) {
    int dice = random.nextInt(100);
    if (dice < 70) {
      lookup(connection, random, end);
    } else if (dice < 85) {
      upsert(connection, random, end);
    } else if (dice < 95) {
      query(connection, random, end);
    } else {
      transaction(connection, random, end);
    }
  }

  private static Outcome outcome(int status, Outcome ifOk) {
    return switch (status) {
      case 0 -> ifOk;
      case ABORTED -> Outcome.CONFLICT;
      default -> Outcome.FAILED;
    };
  }
}

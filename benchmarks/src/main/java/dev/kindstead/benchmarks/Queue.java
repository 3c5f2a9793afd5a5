package dev.kindstead.benchmarks;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.TransactionOptions;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int32Value;
import dev.kindstead.benchmarks.Workload.End;
import dev.kindstead.benchmarks.Workload.Outcome;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** A kind used as a queue: jobs with the time they came, taken oldest first. One event loop. */
final class Queue {
  private static final String PROJECT = "queue";
  private static final String KIND = "Job";
  private static final String CREATED = "created";
  private static final Value PAYLOAD =
      Value.newBuilder()
          .setBlobValue(ByteString.copyFrom(new byte[200]))
          .setExcludeFromIndexes(true)
          .build();

  private volatile int waiting;
  private long lastCreated;

  /** Jobs that were inserted and not yet deleted. */
  int waiting() {
    return waiting;
  }

  void insert(GrpcConnection connection, Random random, End end) {
    lastCreated = Math.max(lastCreated + 1, System.currentTimeMillis() * 1000);
    Entity job =
        Entity.newBuilder()
            .setKey(
                Key.newBuilder()
                    .addPath(
                        PathElement.newBuilder()
                            .setKind(KIND)
                            .setName(new UUID(random.nextLong(), lastCreated).toString())))
            .putProperties(CREATED, Value.newBuilder().setIntegerValue(lastCreated).build())
            .putProperties("payload", PAYLOAD)
            .build();
    CommitRequest request =
        CommitRequest.newBuilder()
            .setProjectId(PROJECT)
            .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
            .addMutations(Mutation.newBuilder().setInsert(job))
            .build();
    connection.call(
        Rpc.COMMIT,
        request.toByteArray(),
        (status, answer) -> {
          if (status == 0) {
            waiting++;
          }
          end.ended(status == 0 ? Outcome.DONE : Outcome.FAILED);
        });
  }

  /** Begins a transaction with the query for the oldest {@code limit} jobs. */
  static RunQueryRequest oldestFirst(int limit) {
    Query.Builder query = Query.newBuilder().setLimit(Int32Value.of(limit));
    query.addKindBuilder().setName(KIND);
    query
        .addOrderBuilder()
        .setDirection(PropertyOrder.Direction.ASCENDING)
        .getPropertyBuilder()
        .setName(CREATED);
    RunQueryRequest.Builder request =
        RunQueryRequest.newBuilder().setProjectId(PROJECT).setQuery(query);
    request
        .getReadOptionsBuilder()
        .setNewTransaction(
            TransactionOptions.newBuilder()
                .setReadWrite(TransactionOptions.ReadWrite.getDefaultInstance()));
    return request.build();
  }

  static CommitRequest deletion(ByteString transaction, List<Key> jobs) {
    CommitRequest.Builder request =
        CommitRequest.newBuilder()
            .setProjectId(PROJECT)
            .setMode(CommitRequest.Mode.TRANSACTIONAL)
            .setTransaction(transaction);
    jobs.forEach(key -> request.addMutations(Mutation.newBuilder().setDelete(key)));
    return request.build();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written on the event loop only
  void deleted(int count) {
    waiting -= count;
  }
}

package dev.kindstead.acceptance;

import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.protobuf.ByteString;
import dev.kindstead.acceptance.Acknowledged.Pair;
import dev.kindstead.acceptance.Acknowledged.Transacted;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Concurrent clients that write until the server is gone, and note what was acknowledged. */
final class Writers implements AutoCloseable {
  static final String KIND = "Written";
  private static final int KEYS_EACH = 12;

  private final Acknowledged acknowledged;
  private final RawGrpc grpc;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> writing = new ArrayList<>();

  Writers(Endpoint server, String project, int count, Random random, Acknowledged acknowledged) {
    this.acknowledged = acknowledged;
    this.grpc = new RawGrpc(server, project);
    for (int i = 0; i < count; i++) {
      int writer = i;
      Random own = new Random(random.nextLong());
      writing.add(threads.submit(() -> writeUntilGone(writer, own)));
    }
  }

  /** Rethrows what a writer found wrong; that the server is gone is expected. */
  void awaitEnd() throws Exception {
    for (Future<?> each : writing) {
      each.get();
    }
  }

  private void writeUntilGone(int writer, Random random) {
    try {
      while (true) {
        switch (random.nextInt(4)) {
          case 0, 1 -> upsert(key(writer, random));
          case 2 -> transact(writer, random);
          default -> insertWithNewId();
        }
      }
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Code.UNAVAILABLE) {
        throw new AssertionError("before it was killed the server answered " + e.getStatus(), e);
      }
    }
  }

  private static Key key(int writer, Random random) {
    return Raw.key(KIND, "single-%d-%d".formatted(writer, random.nextInt(KEYS_EACH)));
  }

  private void upsert(Key key) {
    long number = acknowledged.next(key);
    acknowledged.sending(key, number);
    grpc.commit(Raw.upsert(Acknowledged.entity(key, number)));
    acknowledged.acknowledged(key, number);
  }

  private void transact(int writer, Random random) {
    int pairNumber = random.nextInt(KEYS_EACH);
    Pair pair =
        new Pair(
            Raw.key(KIND, "pair-%d-%d-a".formatted(writer, pairNumber)),
            Raw.key(KIND, "pair-%d-%d-b".formatted(writer, pairNumber)));
    ByteString transaction = grpc.begin();
    grpc.lookup(transaction, pair.first(), pair.second());
    long number = Math.max(acknowledged.next(pair.first()), acknowledged.next(pair.second()));
    Transacted transacted =
        new Transacted(
            grpc.commitRequest(
                transaction,
                Raw.upsert(Acknowledged.entity(pair.first(), number)),
                Raw.upsert(Acknowledged.entity(pair.second(), number))),
            pair,
            number);
    acknowledged.sending(transacted);
    try {
      CommitResponse answer = grpc.stub().commit(transacted.request());
      acknowledged.acknowledged(transacted, answer);
    } catch (StatusRuntimeException e) {
      acknowledged.unanswered(transacted);
      throw e;
    }
  }

  private void insertWithNewId() {
    Entity entity = Acknowledged.entity(Raw.incomplete(KIND), 1);
    Key key =
        grpc.commit(Raw.insert(entity)).getMutationResults(0).getKey().toBuilder()
            .clearPartitionId()
            .build();
    acknowledged.allocated(key);
    acknowledged.sending(key, 1);
    acknowledged.acknowledged(key, 1);
    acknowledged.allocated(
        grpc.allocate(Raw.incomplete(KIND)).toBuilder().clearPartitionId().build());
  }

  @Override
  public void close() {
    grpc.close();
    threads.shutdownNow();
  }
}

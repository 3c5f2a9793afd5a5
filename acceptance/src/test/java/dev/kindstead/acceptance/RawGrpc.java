package dev.kindstead.acceptance;

import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.DatastoreGrpc;
import com.google.datastore.v1.DatastoreGrpc.DatastoreBlockingStub;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The API message by message, without an official client's retries, defaults and conversions.
 * Thread-safe.
 */
final class RawGrpc implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final String project;
  private final ManagedChannel channel;

  RawGrpc(Endpoint server, String project) {
    this.project = project;
    this.channel =
        ManagedChannelBuilder.forAddress("localhost", server.port()).usePlaintext().build();
  }

  /** Every RPC, with a deadline. */
  DatastoreBlockingStub stub() {
    return DatastoreGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }

  ManagedChannel channel() {
    return channel;
  }

  String project() {
    return project;
  }

  CommitResponse commit(Mutation... mutations) {
    return stub()
        .commit(
            CommitRequest.newBuilder()
                .setProjectId(project)
                .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
                .addAllMutations(List.of(mutations))
                .build());
  }

  CommitResponse commit(ByteString transaction, Mutation... mutations) {
    return stub().commit(commitRequest(transaction, mutations));
  }

  CommitRequest commitRequest(ByteString transaction, Mutation... mutations) {
    return CommitRequest.newBuilder()
        .setProjectId(project)
        .setMode(CommitRequest.Mode.TRANSACTIONAL)
        .setTransaction(transaction)
        .addAllMutations(List.of(mutations))
        .build();
  }

  ByteString begin() {
    return stub()
        .beginTransaction(BeginTransactionRequest.newBuilder().setProjectId(project).build())
        .getTransaction();
  }

  LookupResponse lookup(Key... keys) {
    return stub()
        .lookup(LookupRequest.newBuilder().setProjectId(project).addAllKeys(List.of(keys)).build());
  }

  LookupResponse lookup(ByteString transaction, Key... keys) {
    return stub()
        .lookup(
            LookupRequest.newBuilder()
                .setProjectId(project)
                .setReadOptions(ReadOptions.newBuilder().setTransaction(transaction))
                .addAllKeys(List.of(keys))
                .build());
  }

  Entity entity(Key key) {
    List<EntityResult> found = lookup(key).getFoundList();
    if (found.isEmpty()) {
      throw new AssertionError("missing: " + key);
    }
    return found.getFirst().getEntity();
  }

  RunQueryResponse query(Query query) {
    return stub()
        .runQuery(RunQueryRequest.newBuilder().setProjectId(project).setQuery(query).build());
  }

  Key allocate(Key incomplete) {
    return stub()
        .allocateIds(
            AllocateIdsRequest.newBuilder().setProjectId(project).addKeys(incomplete).build())
        .getKeys(0);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}

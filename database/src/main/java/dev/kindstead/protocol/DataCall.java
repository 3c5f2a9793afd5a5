package dev.kindstead.protocol;

import com.google.datastore.v1.CommitRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Code;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A call of the Datastore service that has to wait.
 *
 * @param client who waits for it
 * @param begun by System.nanoTime, as the deadline
 */
record DataCall(
    Calls calls,
    ServiceRequestContext client,
    Rpc rpc,
    RequestBody body,
    @Nullable String project,
    Calls.Admitted admitted,
    long begun,
    long deadline)
    implements PendingCall.Work {
  @Override
  public CompletableFuture<Answer> here() {
    return calls.handle(client, rpc, body, project, deadline);
  }

  @Override
  public byte[] envelope(long nanosLeft) throws InvalidProtocolBufferException {
    return ForwardedCall.encode(rpc.verb(), project, nanosLeft, body);
  }

  @Override
  public boolean isReplicaRead() {
    return rpc.reads() && OldReads.isOne(body);
  }

  @Override
  public boolean isForAnyNode() {
    return !isReplicaRead() && Homes.needsNone(rpc, body);
  }

  @Override
  public boolean isChange() {
    return rpc == Rpc.COMMIT;
  }

  @Override
  public boolean isRepeatable() {
    return switch (rpc) {
      // A read does nothing. One that begins a transaction leaves one behind that expires. In a
      // transaction it notes and locks what the lost one did, or hears ABORTED because the new
      // node does not know the transaction.
      case LOOKUP, RUN_QUERY, RUN_AGGREGATION_QUERY -> true;
      // A transaction whose id nobody got expires.
      case BEGIN_TRANSACTION -> true;
      // Of a transaction that is over, quietly nothing.
      case ROLLBACK -> true;
      // Ids that nobody got are never handed out again: there are enough of them.
      case ALLOCATE_IDS -> true;
      // What is reserved stays so.
      case RESERVE_IDS -> true;
      case COMMIT -> isKeyedCommit();
    };
  }

  /**
   * A transaction's commit is keyed by its id: repeated it gets the first answer, or, when there
   * was none, rules out that there will be one. Any other commit would be made twice.
   */
  private boolean isKeyedCommit() {
    try {
      return ((CommitRequest) body.decode(rpc.request())).hasTransaction();
    } catch (InvalidProtocolBufferException malformed) {
      return true; // no node has done anything with it
    }
  }

  @Override
  public Failure unknown(String why) {
    return unknownCommit(why);
  }

  static Failure unknownCommit(String why) {
    return new Failure(Code.INTERNAL, "commit outcome unknown: " + why);
  }

  @Override
  public void ended(Reply reply) {
    calls.ended(rpc, body, admitted, reply, begun);
  }
}

package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.administration.AdminMethod;
import dev.kindstead.model.Code;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A call of the admin API, which has a place at its endpoint until it has ended.
 *
 * @param isOver whether nobody waits for its answer any more
 */
record AdminCall(
    AdminEndpoint endpoint, AdminMethod method, RequestBody body, BooleanSupplier isOver)
    implements PendingCall.Work {
  @Override
  public CompletableFuture<Answer> here() {
    return endpoint.handle(method, body, isOver);
  }

  @Override
  public byte[] envelope(long nanosLeft) throws InvalidProtocolBufferException {
    return ForwardedCall.encode(method.path(), null, nanosLeft, body);
  }

  @Override
  public boolean isForAnyNode() {
    return false;
  }

  @Override
  public boolean isReplicaRead() {
    return false;
  }

  @Override
  public boolean isChange() {
    return !isRepeatable();
  }

  @Override
  public boolean isRepeatable() {
    return switch (method) {
      // The repetition of a creation is ALREADY_EXISTS, that of a deletion NOT_FOUND or
      // FAILED_PRECONDITION: as if another client had been faster.
      case CREATE_INDEX,
          FIRESTORE_CREATE_INDEX,
          DELETE_INDEX,
          FIRESTORE_DELETE_INDEX,
          UPDATE_FIELD ->
          false;
      // Sets what it says, however often.
      case UPDATE_DATABASE -> true;
      case GET_INDEX,
          LIST_INDEXES,
          FIRESTORE_GET_INDEX,
          FIRESTORE_LIST_INDEXES,
          GET_FIELD,
          LIST_FIELDS,
          GET_DATABASE,
          GET_OPERATION,
          LIST_OPERATIONS,
          WAIT_OPERATION,
          CHECK_INDEXES ->
          true;
      // Refused whatever they name.
      case CANCEL_OPERATION, DELETE_OPERATION -> true;
    };
  }

  @Override
  public Failure unknown(String why) {
    return unknownChange(why);
  }

  static Failure unknownChange(String why) {
    return new Failure(Code.INTERNAL, "outcome unknown: " + why + "; see whether it was done");
  }

  @Override
  public void ended(Reply reply) {
    endpoint.leave();
  }
}

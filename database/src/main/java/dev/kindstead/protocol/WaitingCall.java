package dev.kindstead.protocol;

import dev.kindstead.admission.Entrant;
import dev.kindstead.admission.Gate;
import dev.kindstead.model.DatastoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A call that is served once its turn has come, if somebody waits for it then.
 *
 * @param deadlineNanos by System.nanoTime
 * @param isGone whether its client is
 * @param begin what it does; leaves the gate at its end, and never throws
 */
record WaitingCall(
    CallOrigin origin,
    String database,
    long deadlineNanos,
    BooleanSupplier isGone,
    Gate gate,
    Executor executor,
    Supplier<CompletableFuture<Answer>> begin,
    CompletableFuture<Answer> answer)
    implements Entrant {

  @Override
  public boolean isOfTransaction() {
    return origin.isOfTransaction();
  }

  @Override
  public long bytes() {
    return origin.bytes();
  }

  @Override
  public void enter() {
    if (isGone.getAsBoolean()) {
      leave(DatastoreException.clientGone());
    } else if (deadlineNanos - System.nanoTime() <= 0) {
      leave(DatastoreException.deadlinePassed());
    } else {
      serve();
    }
  }

  private void leave(DatastoreException why) {
    gate.leave();
    refuse(why);
  }

  private void serve() {
    begin
        .get()
        .whenComplete((ended, failure) -> {
          if (failure == null) {
            answer.complete(ended);
          } else {
            answer.completeExceptionally(failure);
          }
        });
  }

  @Override
  public void refuse(DatastoreException why) {
    answer.completeExceptionally(why);
  }
}

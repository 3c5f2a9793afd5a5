package dev.kindstead.protocol;

import dev.kindstead.admission.Entrant;
import dev.kindstead.model.DatastoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A call that is served once its turn has come.
 *
 * @param begin what it does then; never throws
 * @param deadlineNanos by System.nanoTime
 */
record WaitingCall(
    CallOrigin origin,
    String database,
    long deadlineNanos,
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

package dev.kindstead.transaction;

import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A step that tells one who waits: UNAVAILABLE when it is certainly not applied.
 *
 * @param <T> what it tells, Void when that it is applied is all
 */
abstract class AnsweredStep<T> extends Step {
  private final CompletableFuture<T> result = new CompletableFuture<>();

  final CompletableFuture<T> result() {
    return result;
  }

  /** What to tell once applied. */
  @Nullable T applied() {
    return null;
  }

  @Override
  final void answer(Outcome outcome) {
    if (outcome == Outcome.APPLIED) {
      result.complete(applied());
    } else {
      result.completeExceptionally(TransactionErrors.notApplied());
    }
  }

  @Override
  final void answerFailure(RuntimeException failure) {
    result.completeExceptionally(failure);
  }
}

package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Does what must be done in the end, again and again until it succeeds or this node stops. */
final class Repeating {
  private final Timers timers;
  private final Duration pause;
  private final BooleanSupplier stopped;

  /**
   * @param pause between two attempts
   * @param stopped whether this node stops, and nothing is tried any more
   */
  Repeating(Timers timers, Duration pause, BooleanSupplier stopped) {
    this.timers = timers;
    this.pause = pause;
    this.stopped = stopped;
  }

  /** Ends when an attempt has succeeded, or with its failure when this node stops. */
  <T> CompletableFuture<T> until(Supplier<CompletableFuture<T>> attempt) {
    return until(attempt, () -> true);
  }

  /**
   * The same, and it ends with the failure of an attempt when it is not this node's to try again.
   *
   * @param ours whether it still is
   */
  <T> CompletableFuture<T> until(Supplier<CompletableFuture<T>> attempt, BooleanSupplier ours) {
    var done = new CompletableFuture<T>();
    attempt(attempt, ours, done);
    return done;
  }

  private <T> void attempt(
      Supplier<CompletableFuture<T>> attempt, BooleanSupplier ours, CompletableFuture<T> done) {
    attempt
        .get()
        .whenComplete((result, failure) -> {
          if (failure == null) {
            done.complete(result);
          } else if (stopped.getAsBoolean() || !ours.getAsBoolean()) {
            done.completeExceptionally(failure);
          } else {
            timers.schedule(pause, () -> again(attempt, ours, done, failure));
          }
        });
  }

  /** It may have become another's while this waited. */
  private <T> void again(
      Supplier<CompletableFuture<T>> attempt,
      BooleanSupplier ours,
      CompletableFuture<T> done,
      Throwable failure) {
    if (ours.getAsBoolean()) {
      attempt(attempt, ours, done);
    } else {
      done.completeExceptionally(failure);
    }
  }
}

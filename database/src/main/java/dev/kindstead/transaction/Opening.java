package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt to open a read.
 *
 * @param value what was opened, null when something is in the way
 * @param blocker who is to be waited for
 */
record Opening<T>(@Nullable T value, @Nullable Holder blocker) {

  static <T> Opening<T> open(T value) {
    return new Opening<>(value, null);
  }

  static <T> Opening<T> blocked(Holder blocker) {
    return new Opening<>(null, blocker);
  }

  /** Tries until it opens or the time is over; the first time before this returns. */
  static <T> CompletableFuture<T> attempt(
      Supplier<Opening<T>> opening, Timers timers, Duration limit) {
    Opening<T> first = opening.get();
    T value = first.value();
    if (value != null) {
      return CompletableFuture.completedFuture(value);
    }
    var result = new CompletableFuture<T>();
    var timer =
        timers.schedule(limit, () -> result.completeExceptionally(TransactionErrors.readTimeout()));
    result.whenComplete((_, _) -> timer.cancel());
    first.retry(opening, result);
    return result;
  }

  private void retry(Supplier<Opening<T>> opening, CompletableFuture<T> result) {
    Runnable again =
        () -> {
          if (!result.isDone()) {
            tryAgain(opening, result);
          }
        };
    Objects.requireNonNull(blocker).released().thenRun(again);
  }

  private static <T> void tryAgain(Supplier<Opening<T>> opening, CompletableFuture<T> result) {
    try {
      Opening<T> next = opening.get();
      T value = next.value();
      if (value == null) {
        next.retry(opening, result);
      } else if (!result.complete(value) && value instanceof ReadSession unwanted) {
        unwanted.close();
      }
    } catch (RuntimeException failure) {
      result.completeExceptionally(failure);
    }
  }
}

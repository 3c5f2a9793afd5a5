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
    var attempts = new Attempts<T>(opening);
    attempts.await(first, timers, limit);
    return attempts.result;
  }

  /** To open it, each time when what was in the way is released. */
  private static final class Attempts<T> {
    private final Supplier<Opening<T>> opening;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** Of who is in the way now. */
    private volatile @Nullable CompletableFuture<Void> release;

    Attempts(Supplier<Opening<T>> opening) {
      this.opening = opening;
    }

    void await(Opening<T> first, Timers timers, Duration limit) {
      var timer =
          timers.schedule(
              limit, () -> result.completeExceptionally(TransactionErrors.readTimeout()));
      result.whenComplete((_, _) -> {
        timer.cancel();
        stopWaiting();
      });
      await(Objects.requireNonNull(first.blocker()));
    }

    private void await(Holder blocker) {
      CompletableFuture<Void> awaited = blocker.awaitRelease();
      release = awaited;
      if (result.isDone()) {
        stopWaiting();
      }
      var unused = awaited.thenRun(this::attemptAgain);
    }

    private void stopWaiting() {
      CompletableFuture<Void> awaited = release;
      if (awaited != null) {
        awaited.cancel(false);
      }
    }

    private void attemptAgain() {
      if (result.isDone()) {
        return;
      }
      try {
        Opening<T> next = opening.get();
        T value = next.value();
        if (value == null) {
          await(Objects.requireNonNull(next.blocker()));
        } else {
          result.complete(value);
        }
      } catch (RuntimeException failure) {
        result.completeExceptionally(failure);
      }
    }
  }
}

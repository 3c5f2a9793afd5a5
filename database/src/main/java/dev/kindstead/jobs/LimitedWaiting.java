package dev.kindstead.jobs;

import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for one step of work in the background, but not for ever: UNAVAILABLE when it is to be
 * repeated later, for which other work need not wait. Thread-safe.
 */
final class LimitedWaiting implements Waiting {
  /** Longer than any step takes that is answered at all. */
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final Waiting waiting;
  private final Timers timers;

  LimitedWaiting(Waiting waiting, Timers timers) {
    this.waiting = waiting;
    this.timers = timers;
  }

  @Override
  public <T> T join(CompletableFuture<T> future) {
    if (future.isDone()) {
      return waiting.join(future);
    }
    CompletableFuture<T> limited = future.copy();
    Timers.Timer timer = timers.schedule(LIMIT, () -> limited.completeExceptionally(unanswered()));
    try {
      return waiting.join(limited);
    } finally {
      timer.cancel();
    }
  }

  private static DatastoreException unanswered() {
    return new DatastoreException(
        Code.UNAVAILABLE, "no answer within %d s; it is tried again".formatted(LIMIT.toSeconds()));
  }
}

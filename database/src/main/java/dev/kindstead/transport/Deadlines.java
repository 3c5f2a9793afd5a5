package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * Wakes when the earliest of many deadlines is over. Most calls are answered long before, so there
 * is no timer of each, only one for the earliest ever seen since the last look. Confined to the
 * loop.
 */
final class Deadlines {
  static final long NONE_LEFT = Long.MAX_VALUE;

  private static final long GRAIN_NANOS =
      TimeUnit.MILLISECONDS.toNanos(Limits.DEADLINE_GRAIN_MILLIS);

  private final EventExecutor loop;
  private final Clock clock;
  private final LongUnaryOperator expire;

  private boolean scheduled;
  private long wakeAtNanos;

  /**
   * @param expire ends what is over at the given time, and answers in how many nanoseconds the
   *     earliest of the rest will be, or {@link #NONE_LEFT}
   */
  Deadlines(EventExecutor loop, Clock clock, LongUnaryOperator expire) {
    this.loop = loop;
    this.clock = clock;
    this.expire = expire;
  }

  void watch(long deadlineNanos) {
    if (!scheduled || deadlineNanos - wakeAtNanos < 0) {
      long now = clock.monotonicNanos();
      schedule(now, deadlineNanos - now);
    }
  }

  private void schedule(long now, long delayNanos) {
    long delay = Math.max(GRAIN_NANOS, delayNanos);
    long wakeAt = now + delay;
    scheduled = true;
    wakeAtNanos = wakeAt;
    var unused = loop.schedule(() -> wake(wakeAt), delay, TimeUnit.NANOSECONDS);
  }

  private void wake(long wakeAt) {
    if (scheduled && wakeAt == wakeAtNanos) {
      scheduled = false;
      long now = clock.monotonicNanos();
      long left = expire.applyAsLong(now);
      if (left != NONE_LEFT && !scheduled) {
        schedule(now, left);
      }
    }
  }
}

package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import java.time.Duration;

/**
 * The time for which nobody else hands out timestamps. It counts from before the log entry that
 * granted it was proposed; a new leader waits as long from when it received the last entry. Both
 * count by their own monotonic clocks, so no two clocks need to agree (design D3a). Immutable.
 *
 * @param fromNanos by the monotonic clock
 * @param fromMicros by the wall clock
 */
record OracleLease(long fromNanos, long fromMicros) {
  /** A new leader waits this long; so does a client when a leader dies, at the least. */
  static final Duration LENGTH = Duration.ofMillis(600);

  /** The holder counts it for shorter, for clocks may run at different rates. */
  private static final long HELD_NANOS = Duration.ofMillis(550).toNanos();

  /** A lease in use is renewed when it is this old. */
  private static final long RENEWED_NANOS = Duration.ofMillis(250).toNanos();

  /**
   * How far wall and monotonic clock may come apart meanwhile: a machine that was suspended may
   * show it only by its wall clock.
   */
  private static final long JUMP_MICROS_MAX = Duration.ofMillis(50).toNanos() / 1_000;

  static OracleLease from(Clock clock) {
    return new OracleLease(clock.monotonicNanos(), clock.wallMicros());
  }

  boolean isHeld(Clock clock) {
    long nanos = clock.monotonicNanos() - fromNanos;
    long apart = clock.wallMicros() - fromMicros - nanos / 1_000;
    return nanos < HELD_NANOS && Math.abs(apart) < JUMP_MICROS_MAX;
  }

  boolean isToBeRenewed(Clock clock) {
    return clock.monotonicNanos() - fromNanos > RENEWED_NANOS;
  }
}

package dev.kindstead.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What a machine is made of: clocks that run too fast or too slow, and a disk that is slow at times
 * and may fail. It outlives processes. Confined to the scheduler's thread.
 */
final class Hardware {
  private static final long MILLION = 1_000_000;

  /** What a sync takes at most while nothing is wrong. */
  private static final Duration SYNC_MAX = Duration.ofMillis(4);

  /** And at least while the disk is slow. */
  private static final Duration SLOW_SYNC_MIN = Duration.ofMillis(20);

  private final Scheduler scheduler;
  private final long originNanos;
  private final int driftPpm;
  private final int wallDriftPpm;
  private Duration slowSyncMax = SYNC_MAX;
  private long slowUntilNanos;
  private int failures;

  /**
   * @param originNanos what the monotonic clock shows at the beginning
   * @param driftPpm how much faster that clock runs than it should, in millionths
   * @param wallDriftPpm the same of the wall clock: one of them may be steered and the other not
   */
  Hardware(Scheduler scheduler, long originNanos, int driftPpm, int wallDriftPpm) {
    this.scheduler = scheduler;
    this.originNanos = originNanos;
    this.driftPpm = driftPpm;
    this.wallDriftPpm = wallDriftPpm;
  }

  /** Clocks that are the scheduler's. */
  static Hardware exact(Scheduler scheduler) {
    return new Hardware(scheduler, 0, 0, 0);
  }

  /** Clocks that each drift by at most so many millionths. */
  static Hardware draw(Scheduler scheduler, int driftPpmMax, RandomGenerator random) {
    int drift = drift(driftPpmMax, random);
    long origin = random.nextLong(1L << 50);
    return new Hardware(scheduler, origin, drift, drift(driftPpmMax, random));
  }

  private static int drift(int ppmMax, RandomGenerator random) {
    return ppmMax == 0 ? 0 : random.nextInt(2 * ppmMax + 1) - ppmMax;
  }

  /** What the monotonic clock shows once it has run for so long. */
  long monotonicNanos(long elapsedNanos) {
    return originNanos + elapsedNanos * (MILLION + driftPpm) / MILLION;
  }

  /** How far the wall clock has gone wrong by drifting. */
  long wallDriftMicros() {
    return scheduler.monotonicNanos() / 1_000 * wallDriftPpm / MILLION;
  }

  /** What a time by the monotonic clock takes; something, unless it is none. */
  Duration real(Duration byItsClock) {
    long nanos = byItsClock.toNanos();
    return Duration.ofNanos(Math.max(Math.min(nanos, 1), nanos * MILLION / (MILLION + driftPpm)));
  }

  /** For a while each sync may take as long as {@code syncMax}. */
  void slowDisk(Duration lasts, Duration syncMax) {
    slowUntilNanos = scheduler.monotonicNanos() + lasts.toNanos();
    slowSyncMax = syncMax;
  }

  /** The next syncs fail, so many of them, unless the disk is mended before. */
  void failDisk(int syncs) {
    failures = syncs;
  }

  void mendDisk() {
    slowUntilNanos = scheduler.monotonicNanos();
    failures = 0;
  }

  boolean isDiskSlow() {
    return scheduler.monotonicNanos() < slowUntilNanos;
  }

  /** How long a sync takes that begins now. */
  Duration syncTakes(RandomGenerator random) {
    return isDiskSlow()
        ? SLOW_SYNC_MIN.plusNanos(random.nextLong(slowSyncMax.toNanos()))
        : Duration.ofNanos(random.nextLong(SYNC_MAX.toNanos()));
  }

  /** Whether the sync that ends now has failed. */
  boolean failsSync() {
    if (failures == 0) {
      return false;
    }
    failures--;
    return true;
  }
}

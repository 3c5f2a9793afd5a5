package dev.kindstead.simulation;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Storms, in which clients and faults come thick and fast, and the lulls between them: see {@link
 * Pace}. Without lulls it is always stormy and draws nothing. Confined to the scheduler's thread.
 */
final class Weather {
  /** In a lull one fault in so many befalls the cluster all the same. */
  private static final int LONE_IN = 30;

  /** One fault in so many lasts longer by this factor, if no other such one is going on. */
  private static final int LASTING_IN = 6;

  private static final int LASTING_FACTOR = 15;

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Pace pace;
  private final Consumer<String> probe;
  private boolean stormy = true;
  private boolean settled;
  private long lastingUntilNanos;

  Weather(Scheduler scheduler, RandomGenerator random, Pace pace, Consumer<String> probe) {
    this.scheduler = scheduler;
    this.random = random;
    this.pace = pace;
    this.probe = probe;
  }

  void start() {
    if (pace.hasLulls()) {
      change();
    }
  }

  /** There are no lulls any more: clients are watched, and must get on. */
  void settle() {
    settled = true;
    stormy = true;
  }

  private void change() {
    if (settled) {
      return;
    }
    stormy = !stormy;
    Duration max = stormy ? pace.stormMax() : pace.lullMax();
    scheduler.schedule(max.dividedBy(4).plus(upTo(max)), this::change);
  }

  /** How long a client pauses at most that in a storm would pause for {@code usual} at most. */
  Duration pauseMax(Duration usual) {
    return stormy ? usual : pace.pauseMax();
  }

  /** How long a client may leave a transaction open. */
  Duration longThoughtMax() {
    return (settled ? Pace.SHORT : pace).longThoughtMax();
  }

  /** Whether a fault that is due does befall the cluster. */
  boolean brings() {
    return stormy || random.nextInt(LONE_IN) == 0;
  }

  /** How long a fault lasts; the cluster is to survive one at a time that lasts long. */
  Duration lasts(Duration usual) {
    long now = scheduler.monotonicNanos();
    if (!pace.hasLulls() || now < lastingUntilNanos || random.nextInt(LASTING_IN) != 0) {
      return usual;
    }
    Duration longer = usual.multipliedBy(LASTING_FACTOR);
    probe.accept("lasting fault");
    lastingUntilNanos = now + longer.toNanos();
    return longer;
  }

  private Duration upTo(Duration max) {
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }
}

package dev.kindstead.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A simulated application: one transaction after the other, each reading some lists (by key or by
 * scanning all) and appending to some of them. Confined to the scheduler's thread.
 */
final class ListClient {
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(30);

  private final World world;
  private final RandomGenerator random;
  private final boolean onlyReads;
  private @Nullable Attempt current;
  private SimulatedNode node;
  private boolean stopping;

  /** When the last of its transactions began that count as progress and were acknowledged. */
  private long acknowledged;

  /**
   * @param onlyReads whether it does nothing but read what is there now, and asks any node
   */
  ListClient(World world, RandomGenerator random, boolean onlyReads) {
    this.world = world;
    this.random = random;
    this.onlyReads = onlyReads;
    node = world.someNode(random);
  }

  void start() {
    later();
  }

  /** Begins no further transaction. */
  void stop() {
    stopping = true;
  }

  boolean isIdle() {
    return current == null;
  }

  /**
   * Whether something was acknowledged that began after an instant: a write, unless it only reads.
   */
  boolean hasGotOnSince(long nanos) {
    return acknowledged > nanos;
  }

  private void later() {
    long max = world.weather().pauseMax(THINK_TIME_MAX).toNanos();
    world.scheduler().schedule(Duration.ofNanos(random.nextLong(max)), this::begin);
  }

  private void begin() {
    if (stopping) {
      return;
    }
    if (onlyReads || random.nextInt(4) == 0) {
      node = world.someNode(random);
    }
    var attempt = new Attempt(world, random, node, onlyReads, this::ended);
    current = attempt;
    attempt.start();
  }

  private void ended() {
    Attempt over = current;
    if (over != null) {
      node = over.node();
      if (over.isAcknowledged() && (onlyReads || over.writes())) {
        acknowledged = over.invoked();
      }
    }
    current = null;
    later();
  }
}

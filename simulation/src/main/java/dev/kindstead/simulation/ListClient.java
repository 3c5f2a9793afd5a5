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
  private @Nullable Attempt current;
  private SimulatedNode node;
  private boolean stopping;

  ListClient(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
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

  private void later() {
    world
        .scheduler()
        .schedule(Duration.ofNanos(random.nextLong(THINK_TIME_MAX.toNanos())), this::begin);
  }

  private void begin() {
    if (stopping) {
      return;
    }
    if (random.nextInt(8) == 0) {
      node = world.someNode(random);
    }
    var attempt = new Attempt(world, random, node, this::ended);
    current = attempt;
    attempt.start();
  }

  private void ended() {
    Attempt over = current;
    if (over != null) {
      node = over.node();
    }
    current = null;
    later();
  }
}

package dev.kindstead.simulation;

import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Allocates ids for ever and remembers them: none may come twice, across crashes and restarts.
 * Confined to the scheduler's thread.
 */
final class IdClient {
  private static final Duration PAUSE_MAX = Duration.ofMillis(200);
  private static final int IDS_AT_ONCE_MAX = 20;

  private final World world;
  private final RandomGenerator random;
  private final Set<Long> seen = new HashSet<>();
  private boolean stopping;
  private int round;

  IdClient(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  void start() {
    later();
  }

  void stop() {
    stopping = true;
  }

  void nodeCrashed() {
    round++;
    later();
  }

  private void later() {
    int thisRound = round;
    world
        .scheduler()
        .schedule(
            Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())),
            () -> {
              if (thisRound == round && !stopping) {
                allocate();
              }
            });
  }

  private void allocate() {
    Transactions node = world.node();
    if (node == null) {
      later();
      return;
    }
    Key incomplete = new Key(Lists.PARTITION, List.of(PathElement.incomplete("Task")));
    int thisRound = round;
    node.allocateIds(Collections.nCopies(1 + random.nextInt(IDS_AT_ONCE_MAX), incomplete))
        .whenComplete((keys, failure) -> {
          if (failure == null) {
            keys.forEach(this::check);
          }
          if (thisRound == round) {
            later();
          }
        });
  }

  private void check(Key key) {
    if (!seen.add(key.last().id())) {
      world.report("id handed out twice: " + key);
    }
    if (key.last().id() <= 0 || key.last().id() >= 1L << 53) {
      world.report("id is not safe in JavaScript: " + key);
    }
  }
}

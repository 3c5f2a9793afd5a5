package dev.kindstead.simulation;

import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Allocates ids for ever and remembers them: none may come twice, across crashes, restarts and
 * changes of the node that serves. Confined to the scheduler's thread.
 */
final class IdClient {
  private static final Duration PAUSE_MAX = Duration.ofMillis(200);
  private static final int IDS_AT_ONCE_MAX = 20;

  private final World world;
  private final RandomGenerator random;
  private final Set<Long> seen = new HashSet<>();
  private SimulatedNode node;
  private boolean stopping;

  IdClient(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
    node = world.someNode(random);
  }

  void start() {
    world
        .scheduler()
        .schedule(
            Duration.ofNanos(random.nextLong(world.weather().pauseMax(PAUSE_MAX).toNanos())),
            () -> {
              if (!stopping) {
                allocate();
              }
            });
  }

  void stop() {
    stopping = true;
  }

  private void allocate() {
    Key incomplete = new Key(Lists.PARTITION, List.of(PathElement.incomplete("Task")));
    List<Key> asked = Collections.nCopies(1 + random.nextInt(IDS_AT_ONCE_MAX), incomplete);
    world.door().ask(node, (at, timers) -> at.allocateIds(asked), this::answered);
  }

  private void answered(@Nullable List<Key> keys, @Nullable Throwable failure) {
    if (keys != null) {
      keys.forEach(this::check);
    } else if (failure instanceof Door.NotServedHere elsewhere) {
      node = world.nodeAfter(node, elsewhere.elsewhere(), random);
    } else {
      node = world.someNode(random);
    }
    if (failure != null) {
      world.refusals().judge("who asks for ids", failure);
    }
    start();
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

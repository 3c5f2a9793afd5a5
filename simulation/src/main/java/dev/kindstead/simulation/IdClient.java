package dev.kindstead.simulation;

import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Allocates ids for ever. Confined to the scheduler's thread. */
final class IdClient {
  private static final Duration PAUSE_MAX = Duration.ofMillis(200);
  private static final int IDS_AT_ONCE_MAX = 20;

  private final World world;
  private final IdClients clients;
  private final RandomGenerator random;
  private SimulatedNode node;
  private boolean stopping;

  /** When the last ids that it was given were asked for. */
  private long acknowledged;

  IdClient(World world, IdClients clients, RandomGenerator random) {
    this.world = world;
    this.clients = clients;
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

  /** Whether ids were given that were asked for after an instant. */
  boolean hasGotOnSince(long nanos) {
    return acknowledged > nanos;
  }

  private void allocate() {
    Key incomplete = new Key(Lists.PARTITION, List.of(PathElement.incomplete(IdClients.KIND)));
    List<Key> asked = Collections.nCopies(1 + random.nextInt(IDS_AT_ONCE_MAX), incomplete);
    long invoked = world.scheduler().monotonicNanos();
    world
        .door()
        .<List<Key>>ask(
            node,
            (at, timers) -> at.allocateIds(asked),
            (keys, failure) -> answered(invoked, keys, failure));
  }

  private void answered(long invoked, @Nullable List<Key> keys, @Nullable Throwable failure) {
    if (keys != null) {
      acknowledged = invoked;
      clients.allocated(invoked, keys);
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
}

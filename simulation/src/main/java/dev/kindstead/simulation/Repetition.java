package dev.kindstead.simulation;

import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends a commit again that was acknowledged before, a while later, to any node: the first answer
 * is expected, or none. Confined to the scheduler's thread.
 */
final class Repetition {
  private static final Duration PAUSE_MAX = Duration.ofSeconds(4);
  private static final int TRIES_MAX = 5;

  private final World world;
  private final RandomGenerator random;
  private final CommitRequest request;
  private final CommitResult first;
  private SimulatedNode node;
  private int tries;

  Repetition(
      World world,
      RandomGenerator random,
      SimulatedNode node,
      CommitRequest request,
      CommitResult first) {
    this.world = world;
    this.random = random;
    this.node = node;
    this.request = request;
    this.first = first;
  }

  void start() {
    world
        .scheduler()
        .schedule(
            Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())),
            () -> world.door().ask(node, (at, timers) -> at.commit(request), this::answered));
  }

  private void answered(@Nullable CommitResult second, @Nullable Throwable failure) {
    if (second != null) {
      world.hit("acknowledged commit repeated");
      if (second.commitTime() != first.commitTime() || !second.results().equals(first.results())) {
        world.report("a commit was answered " + first + ", repeated " + second);
      }
    } else if (failure instanceof Door.NotServedHere elsewhere && tries++ < TRIES_MAX) {
      node = world.nodeAfter(node, elsewhere.elsewhere(), random);
      start();
    } else if (failure instanceof DatastoreException refused
        && !Refusals.isOfUnknownOutcome(refused)
        && !Door.isOverSoon(refused)) {
      world.report("a commit was answered " + first + ", repeated " + refused);
    } else if (failure != null) {
      world.refusals().judge("who repeats a commit", failure);
    }
  }
}

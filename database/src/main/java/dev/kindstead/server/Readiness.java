package dev.kindstead.server;

import dev.kindstead.environment.Clock;
import dev.kindstead.protocol.ReadinessCheck;
import dev.kindstead.protocol.ServingNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Whether balancers should send requests to this node. Thread-safe; nothing blocks.
 *
 * <p>An election is no reason not to: all nodes would be unready at once, while each keeps the
 * requests that come until somebody serves again.
 */
final class Readiness {
  /** Elections take a fraction of it; after it this node is rather cut off from the others. */
  static final Duration UNSERVED_MAX = Duration.ofSeconds(5);

  private final Supplier<Optional<Throwable>> failure;
  private final ServingNode serving;
  private final IntSupplier behind;
  private final Clock clock;
  private boolean everServed;
  private Optional<Long> unservedSince = Optional.empty();

  /**
   * @param failure of a shard that takes no more writes
   * @param behind how many replicas have not caught up since the start
   */
  Readiness(
      Supplier<Optional<Throwable>> failure, ServingNode serving, IntSupplier behind, Clock clock) {
    this.failure = failure;
    this.serving = serving;
    this.behind = behind;
    this.clock = clock;
  }

  List<ReadinessCheck> checks() {
    String failed = failure.get().map(Throwable::toString).orElse("");
    int missing = behind.getAsInt();
    return List.of(
        new ReadinessCheck("writes", failed.isEmpty(), failed),
        new ReadinessCheck("served", isServed(), "no node serves, or none that can be reached"),
        new ReadinessCheck("caught-up", missing == 0, missing + " replicas are behind the others"));
  }

  private synchronized boolean isServed() {
    if (serving.isHere() || serving.elsewhere().isPresent()) {
      everServed = true;
      unservedSince = Optional.empty();
      return true;
    }
    long now = clock.monotonicNanos();
    long since = unservedSince.orElse(now);
    unservedSince = Optional.of(since);
    return everServed && now - since < UNSERVED_MAX.toNanos();
  }
}

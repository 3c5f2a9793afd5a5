package dev.kindstead.placement;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Brings the leaders of all shards to the node that leads the system group: whoever is elected
 * elsewhere hands over. Why they are together: docs/decisions/0010-cluster.md.
 *
 * <p>Thread-safe.
 */
public final class LeadersTogether implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private final List<ReplicatedLog> shards;
  private final ReplicatedLog system;
  private final String nodeId;
  private final Timers timers;
  private volatile boolean closed;

  /**
   * @param nodeId this node's
   */
  public LeadersTogether(
      List<ReplicatedLog> shards, ReplicatedLog system, String nodeId, Timers timers) {
    this.shards = List.copyOf(shards);
    this.system = system;
    this.nodeId = nodeId;
    this.timers = timers;
  }

  public void start() {
    timers.schedule(PERIOD, this::look);
  }

  private void look() {
    if (closed) {
      return;
    }
    Optional<String> together = system.leader();
    if (together.isPresent() && !together.get().equals(nodeId)) {
      for (ReplicatedLog shard : shards) {
        if (shard.leader().equals(Optional.of(nodeId))) {
          shard.transferLeadership(together.get());
        }
      }
    }
    start();
  }

  /** Whether this node leads no group at all. */
  public boolean leadsNothing() {
    Optional<String> self = Optional.of(nodeId);
    return !system.leader().equals(self)
        && shards.stream().noneMatch(shard -> shard.leader().equals(self));
  }

  @Override
  public void close() {
    closed = true;
  }
}

package dev.kindstead.placement;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Brings the leaders of all shards to the node that leads the system group: whoever is elected
 * elsewhere hands over. Why they are together: docs/decisions/0010-cluster.md.
 *
 * <p>Thread-safe; it looks from one timer at a time.
 */
public final class LeadersTogether implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);

  /** In which the system group, too, finds out that its leader is gone. */
  private static final Duration SUSPICION = Duration.ofSeconds(1);

  private final List<ReplicatedLog> shards;
  private final ReplicatedLog system;
  private final String nodeId;
  private final Clock clock;
  private final Timers timers;

  /** The last leader of each shard that was not this node. */
  private final String[] others;

  /** Since when this node leads each shard, by the monotonic clock. */
  private final long[] ledSince;

  private volatile boolean closed;

  /**
   * @param nodeId this node's
   */
  public LeadersTogether(
      List<ReplicatedLog> shards, ReplicatedLog system, String nodeId, Clock clock, Timers timers) {
    this.shards = List.copyOf(shards);
    this.system = system;
    this.nodeId = nodeId;
    this.clock = clock;
    this.timers = timers;
    others = new String[shards.size()];
    Arrays.fill(others, "");
    ledSince = new long[shards.size()];
  }

  public void start() {
    timers.schedule(PERIOD, this::look);
  }

  private void look() {
    if (closed) {
      return;
    }
    String together = system.leader().orElse("");
    for (int i = 0; i < others.length; i++) {
      String leader = shards.get(i).leader().orElse("");
      if (!leader.equals(nodeId)) {
        others[i] = leader.isEmpty() ? others[i] : leader;
        ledSince[i] = clock.monotonicNanos();
      } else if (!together.isEmpty() && !together.equals(nodeId) && !isSuspect(i, together)) {
        shards.get(i).transferLeadership(together);
      }
    }
    start();
  }

  /**
   * Who has just lost the shard to this node is probably dead: to hand it back would leave the
   * shard without a leader for an election timeout.
   */
  private boolean isSuspect(int shard, String leader) {
    return leader.equals(others[shard])
        && clock.monotonicNanos() - ledSince[shard] < SUSPICION.toNanos();
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

package dev.kindstead.simulation;

import dev.kindstead.replication.ReplicatedLog.BarrierListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one replica for all that was agreed on when it began: whoever leads must hear a
 * majority in the meantime, or it may lead no more. Confined to the scheduler's thread.
 */
final class ModelBarrier {
  private static final Duration LOOKING = Duration.ofMillis(20);
  private static final int LOOKS_MAX = 50;

  private final ModelLog log;
  private final ModelSite site;
  private final BarrierListener done;
  private final long logIndex;
  private final @Nullable ModelLog leader;

  /** By the leader's clock. */
  private final long sinceNanos;

  /**
   * @param leader who leads, as far as this replica knows, if that one runs
   */
  ModelBarrier(ModelLog log, @Nullable ModelLog leader, BarrierListener done) {
    this.log = log;
    site = log.site();
    this.leader = leader;
    this.done = done;
    logIndex = log.group().agreedLogIndex();
    sinceNanos = leader == null ? 0 : leader.site().nowNanos();
  }

  void begin() {
    if (leader != null) {
      leader.tellCommitted(); // who answers is heard
    }
    look(LOOKS_MAX);
  }

  private void look(int looksLeft) {
    if (log.hasStopped() || leader == null || looksLeft == 0) {
      done.ended(false);
    } else if (leader.hasHeardMajority(sinceNanos) && log.appliedLogIndex() >= logIndex) {
      done.ended(true);
    } else {
      // Of the process, for the log may stop before.
      site.boot().schedule(site.some(LOOKING), () -> look(looksLeft - 1));
    }
  }
}

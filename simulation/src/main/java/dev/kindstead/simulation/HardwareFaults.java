package dev.kindstead.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What befalls the clocks and disks of a machine. A replica whose disk has failed stays stopped
 * until somebody restarts its node: an operator, some seconds later. Confined to the scheduler's
 * thread.
 */
final class HardwareFaults {
  /** One jump in so many is of minutes. */
  private static final int FAR_JUMP_IN = 3;

  private static final Duration JUMP_MAX = Duration.ofSeconds(10);
  private static final Duration SLOW_LASTS_MAX = Duration.ofSeconds(4);

  /** What syncs of a slow disk take at most: busy, overloaded, or about to give up. */
  private static final Duration[] SLOW_SYNC_MAX = {
    Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3)
  };

  /**
   * Only such disks are slow for up to a minute: a home that renews its lease more slowly serves
   * hardly anybody meanwhile, which docs/reliability.md tells of.
   */
  private static final Duration BEARABLE_SYNC = Duration.ofMillis(200);

  /** One slow disk in so many loses its power in the middle of it. */
  private static final int CUT_OFF_IN = 3;

  /** One failing disk in so many fails all that is asked of it, and not one log alone. */
  private static final int FAILS_ALL_IN = 2;

  private static final Duration NOTICED_MAX = Duration.ofSeconds(4);
  private static final Duration RESTART_MAX = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Scheduler scheduler;
  private final Weather weather;
  private final RandomGenerator random;

  HardwareFaults(Cluster cluster, Scheduler scheduler, Weather weather, RandomGenerator random) {
    this.cluster = cluster;
    this.scheduler = scheduler;
    this.weather = weather;
    this.random = random;
  }

  /** The wall clock is wrong from now on, in either direction. */
  void jump(SimulatedNode node) {
    Duration max = random.nextInt(FAR_JUMP_IN) == 0 ? Machine.WALL_OFFSET_MAX : JUMP_MAX;
    Duration by = upTo(max.multipliedBy(2)).minus(max);
    befalls("clock jump", node, by.toMillis() + " ms");
    Duration jumped = node.machine().jumpWallClock(by).abs();
    if (jumped.isPositive()) {
      cluster.hit("clock jump");
    }
    if (jumped.compareTo(JUMP_MAX) > 0) {
      cluster.hit("clock jump of minutes");
    }
  }

  void slowDisk(SimulatedNode node) {
    Duration syncMax = SLOW_SYNC_MAX[random.nextInt(SLOW_SYNC_MAX.length)];
    Duration usual = upTo(SLOW_LASTS_MAX);
    Duration lasts = syncMax.compareTo(BEARABLE_SYNC) <= 0 ? weather.lasts(usual) : usual;
    befalls("slow disk", node, "syncs of up to %s for %s".formatted(syncMax, lasts));
    node.machine().hardware().slowDisk(lasts, syncMax);
    if (random.nextInt(CUT_OFF_IN) == 0) {
      scheduler.schedule(upTo(lasts), () -> cutPower(node));
    }
  }

  /** What it has not synced yet may be agreed on all the same, by the syncs of others. */
  private void cutPower(SimulatedNode node) {
    if (node.machine().isUp() && node.machine().hardware().isDiskSlow()) {
      cluster.tell("power lost: " + node);
      node.crash();
      scheduler.schedule(upTo(RESTART_MAX), node::startIfDown);
    }
  }

  void failDisk(SimulatedNode node) {
    if (!node.machine().isUp()) {
      return;
    }
    boolean all = random.nextInt(FAILS_ALL_IN) == 0;
    befalls("failing disk", node, all ? "for all logs" : "for one log");
    node.machine().hardware().failDisk(all ? Integer.MAX_VALUE : 1);
    scheduler.schedule(weather.lasts(upTo(NOTICED_MAX)), () -> repair(node));
  }

  /** Where nothing was written meanwhile, nothing has failed and there is nothing to restart. */
  private void repair(SimulatedNode node) {
    node.machine().hardware().mendDisk();
    if (node.hasFailed()) {
      cluster.tell("restarted by its operator: " + node);
      node.crash();
      scheduler.schedule(upTo(RESTART_MAX), node::startIfDown);
    }
  }

  private void befalls(String fault, SimulatedNode node, String how) {
    cluster.befell(fault);
    cluster.tell("%s: %s, %s".formatted(fault, node, how));
  }

  private Duration upTo(Duration max) {
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }
}

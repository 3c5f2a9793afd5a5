package dev.kindstead.simulation;

import java.time.Duration;

/**
 * How a life passes: a short one without a pause, a long one in storms with lulls between, so that
 * what takes minutes or an hour happens, and what happens in between can be afforded.
 *
 * @param stormMax how long clients and faults come thick and fast; of no meaning without lulls
 * @param lullMax how long there is little of either; zero for never
 * @param pauseMax between two requests of one client in a lull
 * @param longThoughtMax how long a client may leave a transaction open
 * @param checkpointMax between two checkpoints that a node asks of some log
 * @param lookingMax between two comparisons of replicas
 * @param collectionPeriod as of {@link dev.kindstead.transaction.TransactionSettings}
 * @param appendsMax after so many appends clients go on with fresh lists, and the old ones are
 *     deleted; zero for never
 */
public record Pace(
    Duration stormMax,
    Duration lullMax,
    Duration pauseMax,
    Duration longThoughtMax,
    Duration checkpointMax,
    Duration lookingMax,
    Duration collectionPeriod,
    int appendsMax) {

  /** Of a life of seconds. */
  static final Pace SHORT =
      new Pace(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(6),
          Duration.ofSeconds(1),
          0);

  /** How much longer than in a short life a client may be busy with what a lull has left it. */
  Duration underWayMax() {
    return pauseMax.plus(longThoughtMax).minus(SHORT.longThoughtMax);
  }

  boolean hasLulls() {
    return !lullMax.isZero();
  }
}

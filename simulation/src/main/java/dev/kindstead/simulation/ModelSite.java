package dev.kindstead.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Where a replica's log runs.
 *
 * @param flushStore makes the replica's store durable, before the log is cut
 * @param leads runs when the replica is about to be told that it leads
 * @param checkpoints makes an empty directory for each
 * @param nasty false for a log that only delays
 */
public record ModelSite(
    Boot boot,
    Links links,
    RandomGenerator random,
    Runnable flushStore,
    Runnable leads,
    Supplier<Path> checkpoints,
    boolean nasty,
    Plant plant) {

  Machine machine() {
    return boot.machine();
  }

  Hardware hardware() {
    return machine().hardware();
  }

  long nowNanos() {
    return machine().monotonicNanos();
  }

  /** By the scheduler, as nobody's clock may tell. */
  long someTimeFromNow(Duration max) {
    return machine().scheduler().monotonicNanos() + some(max).toNanos();
  }

  Duration some(Duration max) {
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }
}

package dev.kindstead.faults.workload;

import java.time.Duration;

/** Counts stretches of time from the beginning of a round, from zero. Immutable. */
final class Epochs {
  private final long beginNanos = System.nanoTime();
  private final long lengthNanos;

  Epochs(Duration length) {
    lengthNanos = length.toNanos();
  }

  long now() {
    return (System.nanoTime() - beginNanos) / lengthNanos;
  }
}

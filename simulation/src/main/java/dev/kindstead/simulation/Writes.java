package dev.kindstead.simulation;

import java.time.Duration;
import java.util.BitSet;

/** In which minutes of a life something was written. Confined to one thread. */
final class Writes {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final BitSet busy = new BitSet();
  private long beganNanos;
  private int minutes;

  void begin(long nowNanos) {
    beganNanos = nowNanos;
  }

  /** A write was acknowledged. */
  void ended(long nowNanos) {
    busy.set((int) ((nowNanos - beganNanos) / MINUTE_NANOS));
  }

  void end(long nowNanos) {
    minutes = (int) ((nowNanos - beganNanos) / MINUTE_NANOS);
  }

  /** Whole minutes without any. */
  int quietMinutes() {
    return minutes - busy.get(0, minutes).cardinality();
  }
}

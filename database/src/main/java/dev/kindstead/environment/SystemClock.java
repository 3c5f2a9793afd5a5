package dev.kindstead.environment;

import java.time.Instant;

/** The machine's clocks. Thread-safe. */
public final class SystemClock implements Clock {
  @Override
  public long wallMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }
}

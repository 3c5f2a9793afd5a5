package dev.kindstead.environment;

/** Time as an argument. Thread-safe. */
public interface Clock {
  /** Wall time in microseconds since 1970-01-01T00:00:00Z; may jump. */
  long wallMicros();

  /** Nanoseconds from an arbitrary origin that never runs backwards. */
  long monotonicNanos();
}

package dev.kindstead.placement;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Time that passes, and timers that ring, when a test says so. */
final class HandTime implements Clock, Timers {
  private final Deque<Runnable> due = new ArrayDeque<>();
  private long nanos;

  @Override
  public long wallMicros() {
    return nanos / 1_000;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }

  void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    due.add(task);
    return () -> due.remove(task);
  }

  /** Lets the oldest timer ring. */
  void ring() {
    due.removeFirst().run();
  }
}

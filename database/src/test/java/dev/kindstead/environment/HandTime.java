package dev.kindstead.environment;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Time that passes, and timers that ring, when a test says so. */
public final class HandTime implements Clock, Timers {
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

  public void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    due.add(task);
    return () -> due.remove(task);
  }

  /** Lets the oldest timer ring. */
  public void ring() {
    due.removeFirst().run();
  }
}

package dev.kindstead.environment;

import java.time.Duration;

/** Runs things later. The task must be short: it may share one thread with all other timers. */
public interface Timers {
  /** Runs {@code task} once after {@code delay} unless cancelled before. */
  Timer schedule(Duration delay, Runnable task);

  /** A task that has not run yet. */
  interface Timer {
    /** Prevents the task from running if it has not begun; otherwise does nothing. */
    void cancel();
  }
}

package dev.kindstead.replication;

import dev.kindstead.simulation.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lets a scheduler's time pass as fast as a thread can, so that others may wait for it. */
final class SimulatedTime implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(10);

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  SimulatedTime(Scheduler scheduler) {
    var unused =
        thread.scheduleWithFixedDelay(() -> scheduler.runFor(STEP), 0, 100, TimeUnit.MICROSECONDS);
  }

  /** Runs the step between two of the scheduler's events, and waits for its end. */
  void run(Runnable step) {
    try {
      thread.submit(step).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** As {@link #run}, in order, without waiting. */
  void later(Runnable step) {
    thread.execute(step);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

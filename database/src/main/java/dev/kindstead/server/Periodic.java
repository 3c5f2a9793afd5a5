package dev.kindstead.server;

import dev.kindstead.environment.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Does something short again and again until closed, first after one interval. Thread-safe. */
final class Periodic implements AutoCloseable {
  private final Duration interval;
  private final Timers timers;
  private final Runnable task;
  private boolean closed;
  private Timers.@Nullable Timer next;

  Periodic(Duration interval, Timers timers, Runnable task) {
    this.interval = interval;
    this.timers = timers;
    this.task = task;
    plan();
  }

  private synchronized void plan() {
    if (!closed) {
      next = timers.schedule(interval, this::run);
    }
  }

  private void run() {
    try {
      task.run();
    } finally {
      plan();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}

package dev.kindstead.server;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks after the start, of every group, until this node's replica has once held all that was
 * committed: before that, the cluster could not do without another node. Thread-safe.
 */
final class CatchUp implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final List<ReplicatedLog> logs;
  private final Timers timers;
  private final AtomicInteger behind;
  private volatile boolean closed;

  CatchUp(List<ReplicatedLog> logs, Timers timers) {
    this.logs = List.copyOf(logs);
    this.timers = timers;
    behind = new AtomicInteger(this.logs.size());
  }

  void start() {
    logs.forEach(this::ask);
  }

  private void ask(ReplicatedLog log) {
    if (!closed) {
      log.readBarrier(reached -> {
        if (reached) {
          behind.decrementAndGet();
        } else if (!closed) {
          timers.schedule(PAUSE, () -> ask(log));
        }
      });
    }
  }

  /** Of this node's replicas. */
  int behind() {
    return behind.get();
  }

  @Override
  public void close() {
    closed = true;
  }
}

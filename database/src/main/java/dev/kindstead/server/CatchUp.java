package dev.kindstead.server;

import dev.kindstead.environment.Timers;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;

/**
 * Asks after the start until this node's replicas have once held all that was committed: before
 * that, the cluster could not do without another node. Thread-safe.
 */
final class CatchUp implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Transactions transactions;
  private final Timers timers;
  private volatile int behind;
  private volatile boolean closed;

  /**
   * @param groups how many there are
   */
  CatchUp(Transactions transactions, int groups, Timers timers) {
    this.transactions = transactions;
    this.timers = timers;
    behind = groups;
  }

  void start() {
    if (!closed) {
      transactions
          .behind()
          .whenComplete((count, failure) -> {
            if (failure == null) {
              behind = count;
            }
            if (behind > 0) {
              timers.schedule(PAUSE, this::start);
            }
          });
    }
  }

  /** How many of this node's replicas. */
  int behind() {
    return behind;
  }

  @Override
  public void close() {
    closed = true;
  }
}

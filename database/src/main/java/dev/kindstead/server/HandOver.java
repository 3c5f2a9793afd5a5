package dev.kindstead.server;

import dev.kindstead.placement.LeadersTogether;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Before this node stops, another one leads: its clients' calls go on there, instead of after an
 * election.
 */
record HandOver(Transactions transactions, LeadersTogether leaders) implements AutoCloseable {
  /** Without a majority nobody can take over. */
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private static final long PAUSE_MILLIS = 10;

  @Override
  public void close() {
    transactions.handOver();
    for (long waited = 0; waited < LIMIT.toMillis() && !leaders.leadsNothing(); ) {
      new CompletableFuture<Void>()
          .completeOnTimeout(null, PAUSE_MILLIS, TimeUnit.MILLISECONDS)
          .join();
      waited += PAUSE_MILLIS;
    }
  }
}

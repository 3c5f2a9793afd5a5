package dev.kindstead.server;

import dev.kindstead.environment.Timers;
import dev.kindstead.placement.Roster;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Asks after the start until this node's replicas have once held all that was committed: before
 * that, the cluster could not do without another node. Thread-safe.
 */
final class CatchUp implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Transactions transactions;
  private final BooleanSupplier votes;
  private final Timers timers;
  private volatile int behind;
  private volatile boolean closed;

  /**
   * @param groups how many there are
   * @param votes whether this node has a replica of the system group, see {@link #votes}
   */
  CatchUp(Transactions transactions, int groups, BooleanSupplier votes, Timers timers) {
    this.transactions = transactions;
    this.votes = votes;
    this.timers = timers;
    behind = groups;
  }

  /**
   * Whether a node has a replica of the system group that must catch up. One that hears of no
   * leader yet has, unless those who do tell that it has lost its place meanwhile.
   *
   * @param isLed whether its replica knows of a leader
   * @param isMember whether it is one by the word of its own log
   * @param told the nodes of the cluster as others have told, if they have
   */
  static boolean votes(boolean isLed, boolean isMember, Optional<Roster> told, String nodeId) {
    return isMember && (isLed || told.map(by -> by.voters().contains(nodeId)).orElse(true));
  }

  void start() {
    if (!closed) {
      transactions
          .behind(votes.getAsBoolean())
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

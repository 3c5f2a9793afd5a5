package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import java.time.Duration;

/**
 * The room's options, with the defaults in one place.
 *
 * @param nodeId this node's logical id, named in transaction ids
 * @param transactionKey secret that signs transaction ids, minted with the data directory: an id
 *     must be recognised after a restart
 * @param defaultMode of databases that have set none
 * @param retention how far back snapshots can be read
 * @param idleLimit a transaction untouched for this long is over
 * @param lifetimeLimit a transaction is over this long after it began
 * @param lockWaitLimit how long a transaction waits for locks before it is ABORTED
 * @param putWaitLimit how long a non-transactional commit waits for locks before it is ABORTED
 * @param outcomeRetention how long the answer of a commit is kept beyond the lifetime limit
 * @param collectionPeriod how often what is beyond retention is looked for
 */
public record TransactionSettings(
    int nodeId,
    Bytes transactionKey,
    ConcurrencyMode defaultMode,
    Duration retention,
    Duration idleLimit,
    Duration lifetimeLimit,
    Duration lockWaitLimit,
    Duration putWaitLimit,
    Duration outcomeRetention,
    Duration collectionPeriod) {

  public static TransactionSettings defaults(Bytes transactionKey) {
    return new TransactionSettings(
        1,
        transactionKey,
        ConcurrencyMode.PESSIMISTIC,
        Duration.ofHours(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(270),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofMinutes(10),
        Duration.ofSeconds(30));
  }

  /** How long after a transaction's begin its commit can be repeated and gets the first answer. */
  Duration answersKept() {
    return lifetimeLimit.plus(outcomeRetention);
  }

  /** The age up to which anything is kept for its age. */
  Duration longestKept() {
    return retention.compareTo(answersKept()) > 0 ? retention : answersKept();
  }

  /**
   * How long after its begin a transaction commits at the latest; its abort is known for longer.
   */
  Duration commitsWithin() {
    return lifetimeLimit.plus(outcomeRetention.dividedBy(2));
  }

  public TransactionSettings withDefaultMode(ConcurrencyMode mode) {
    return new TransactionSettings(
        nodeId,
        transactionKey,
        mode,
        retention,
        idleLimit,
        lifetimeLimit,
        lockWaitLimit,
        putWaitLimit,
        outcomeRetention,
        collectionPeriod);
  }

  public TransactionSettings withRetention(Duration duration) {
    return new TransactionSettings(
        nodeId,
        transactionKey,
        defaultMode,
        duration,
        idleLimit,
        lifetimeLimit,
        lockWaitLimit,
        putWaitLimit,
        outcomeRetention,
        collectionPeriod);
  }
}

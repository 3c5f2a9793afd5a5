package dev.kindstead.transaction;

/** How a read asks to be served: the API's ReadOptions. */
public sealed interface ReadMode {
  /** Sees every commit acknowledged before it began. */
  record Strong() implements ReadMode {}

  /** May be served by any replica that is recent enough. */
  record Eventual() implements ReadMode {}

  /**
   * At a past timestamp within retention.
   *
   * @param micros microseconds
   */
  record AtTime(long micros) implements ReadMode {}

  /** Inside a transaction begun earlier. */
  record InTransaction(TransactionId transaction) implements ReadMode {}

  /** Begins a transaction with this read; its id is answered. */
  record InNewTransaction(TransactionOptions options) implements ReadMode {}
}

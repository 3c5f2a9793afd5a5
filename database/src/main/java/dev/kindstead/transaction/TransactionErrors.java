package dev.kindstead.transaction;

import dev.kindstead.environment.Waiting;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;

/** The room's failures, with the API's texts where it has one. */
final class TransactionErrors {
  static final String CLOSED = "Transaction is invalid or closed.";

  private TransactionErrors() {}

  static DatastoreException contention() {
    return DatastoreException.aborted(
        "too much contention on these datastore entities. please try again.");
  }

  static DatastoreException closed() {
    return DatastoreException.invalidArgument(CLOSED);
  }

  /** For a transaction that ran out of time. */
  static DatastoreException expired() {
    return DatastoreException.aborted(
        "The referenced transaction has expired or is no longer valid.");
  }

  /** For a transaction whose home forgot it, as after a restart; it certainly never commits. */
  static DatastoreException lost() {
    return DatastoreException.aborted(
        "The referenced transaction was lost by a restart. please try again.");
  }

  static DatastoreException readOnly() {
    return DatastoreException.invalidArgument("Cannot modify entities in a read-only transaction.");
  }

  /** For a commit that certainly is not applied; safe to repeat. */
  static DatastoreException notApplied() {
    return new NotServedException("the shard could not take the commit; it was not applied");
  }

  /** For what the system group was asked: done, or not; a repetition does no harm. */
  static DatastoreException unanswered() {
    return new DatastoreException(
        Code.UNAVAILABLE, "the system group could not answer, please try again");
  }

  /** For a change of indexes or settings that may have been made. */
  static DatastoreException unknownChange() {
    return new DatastoreException(
        Code.INTERNAL, "outcome unknown: see whether the change was made before you ask again");
  }

  /** For what was not proposed and will not be, and for reads; safe to repeat. */
  static DatastoreException notLed() {
    return new NotServedException("the shard has no leader now");
  }

  static DatastoreException unknownOutcome() {
    return new DatastoreException(Code.INTERNAL, "commit outcome unknown");
  }

  static DatastoreException overloaded() {
    return new DatastoreException(
        Code.RESOURCE_EXHAUSTED, "too many commits are waiting for the shard");
  }

  static DatastoreException storageBehind() {
    return new DatastoreException(
        Code.RESOURCE_EXHAUSTED, "the disk does not keep up with what is written; try again later");
  }

  static DatastoreException tooManyTransactions() {
    return new DatastoreException(Code.RESOURCE_EXHAUSTED, "too many open transactions");
  }

  /** What a future failed with; of another room's failure, only that nothing was done. */
  static DatastoreException of(Throwable failure) {
    return Waiting.causeOf(failure) instanceof DatastoreException known ? known : notLed();
  }

  /** The system group has had no majority for a while; nothing was done. */
  static DatastoreException noTimestamps() {
    return new DatastoreException(
        Code.UNAVAILABLE, "no timestamp could be had for too long, please try again");
  }

  static DatastoreException readTimeout() {
    return new DatastoreException(
        Code.UNAVAILABLE, "the read waited too long for commits in progress");
  }

  /** Writes have stopped; {@code cause} is for the log. */
  static DatastoreException writesStopped(Throwable cause) {
    return new DatastoreException(
            Code.UNAVAILABLE, "writes have stopped after a disk error on this node; reads go on")
        .with("cause", cause);
  }
}

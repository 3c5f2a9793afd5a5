package dev.kindstead.transaction;

import dev.kindstead.model.DatastoreException;

/** How an open transaction ended, and what its client hears when it goes on. */
enum TransactionEnd {
  /** Committed, rolled back, or failed for a reason that a retry does not mend. */
  CLOSED,
  /** Whether its commit is applied was not known when that was answered: the log tells. */
  UNKNOWN,
  /** Committed without a mutation. */
  COMMITTED_EMPTY,
  /** Idle, or open, for too long. */
  EXPIRED,
  /** Its home stopped being one. */
  LOST,
  /** It lost against an older transaction, or what it read has changed. */
  ABORTED;

  /** After a commit that failed. */
  static TransactionEnd after(Throwable failure) {
    if (!(failure instanceof DatastoreException known)) {
      return UNKNOWN;
    }
    return switch (known.code()) {
      // Not applied; if that is repeated, its client must hear to begin again.
      case ABORTED, UNAVAILABLE, RESOURCE_EXHAUSTED -> ABORTED;
      case INTERNAL, DEADLINE_EXCEEDED -> UNKNOWN;
      default -> CLOSED;
    };
  }

  DatastoreException failure() {
    return switch (this) {
      case CLOSED, UNKNOWN, COMMITTED_EMPTY -> TransactionErrors.closed();
      case EXPIRED -> TransactionErrors.expired();
      case LOST -> TransactionErrors.lost();
      case ABORTED -> TransactionErrors.contention();
    };
  }
}

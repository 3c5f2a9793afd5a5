package dev.kindstead.transaction;

import dev.kindstead.model.DatastoreException;

/** How an open transaction ended, and what its client hears when it goes on. */
enum TransactionEnd {
  /** Committed, rolled back, or failed for a reason that a retry does not mend. */
  CLOSED,
  /** Committed without a mutation. */
  COMMITTED_EMPTY,
  /** Idle, or open, for too long. */
  EXPIRED,
  /** Its home stopped being one. */
  LOST,
  /** It lost against an older transaction, or what it read has changed. */
  ABORTED;

  DatastoreException failure() {
    return switch (this) {
      case CLOSED, COMMITTED_EMPTY -> TransactionErrors.closed();
      case EXPIRED -> TransactionErrors.expired();
      case LOST -> TransactionErrors.lost();
      case ABORTED -> TransactionErrors.contention();
    };
  }
}

package dev.kindstead.query;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;

/** How much one call may read before it must answer. Confined to one thread. */
final class Budget {
  /** Candidates that one call may read. */
  static final long CANDIDATES_MAX = 10_000_000;

  /** Time that one call may read, well below the clients' deadline of 60 s. */
  static final long NANOS_MAX = 20_000_000_000L;

  private static final int CANDIDATES_BETWEEN_LOOKS = 256;

  private final Clock clock;
  private final long begunNanos;
  private long candidates;

  Budget(Clock clock) {
    this.clock = clock;
    begunNanos = clock.monotonicNanos();
  }

  /** Counts a candidate; throws when there is no budget for it. */
  void spend() throws Spent {
    candidates++;
    if (candidates > CANDIDATES_MAX
        || (candidates % CANDIDATES_BETWEEN_LOOKS == 0 && nanos() > NANOS_MAX)) {
      throw new Spent();
    }
  }

  /** Candidates met so far. */
  long candidates() {
    return candidates;
  }

  /** Time since the call began to read. */
  long nanos() {
    return clock.monotonicNanos() - begunNanos;
  }

  /** What the client hears when the budget is spent before anything can be answered. */
  static DatastoreException exhausted() {
    return new DatastoreException(
        Code.RESOURCE_EXHAUSTED,
        "the query reads too many entities before it has a result: filter or order by fewer"
            + " properties");
  }

  /** The call must answer with what it has. */
  static final class Spent extends Exception {
    private static final long serialVersionUID = 1L;

    Spent() {
      super("the query's budget is spent", null, false, false);
    }
  }
}

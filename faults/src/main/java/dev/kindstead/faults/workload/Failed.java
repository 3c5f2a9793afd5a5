package dev.kindstead.faults.workload;

import com.google.rpc.Code;
import dev.kindstead.simulation.check.Outcome;

/** A call did not succeed: by the word of a server, or because nobody answered. */
final class Failed extends Exception {
  private static final long serialVersionUID = 1;

  /** With these a server says that it does not know what became of a commit. */
  private static final String UNKNOWN_OUTCOME = "outcome unknown";

  private final Code code;
  private final boolean isAnswered;

  /** By the word of a server. */
  Failed(Code code, String message) {
    this(code, message, true);
  }

  private Failed(Code code, String message, boolean isAnswered) {
    super(code + ": " + message);
    this.code = code;
    this.isAnswered = isAnswered;
  }

  /** Nobody answered, or not in time; counts as UNKNOWN. */
  static Failed noAnswer(String why) {
    return new Failed(Code.UNKNOWN, "no answer, " + why, false);
  }

  Code code() {
    return code;
  }

  /**
   * What became of a commit that failed so. That ABORTED, UNAVAILABLE and RESOURCE_EXHAUSTED are
   * certain is the product's promise, which is checked by believing it.
   */
  Outcome outcome() {
    return switch (code) {
      case ABORTED, UNAVAILABLE, RESOURCE_EXHAUSTED -> Outcome.NOT_DONE;
      default -> Outcome.UNKNOWN;
    };
  }

  /**
   * Whether a client that keeps to the rules may meet it while machines fail. An internal error
   * that is not an unknown outcome is a fault of the server, whatever befell it; so is an UNKNOWN
   * that a server tells, and a deadline that has passed, for these clients give none.
   */
  boolean isExpected() {
    return switch (code) {
      case ABORTED, UNAVAILABLE, RESOURCE_EXHAUSTED -> true;
      case UNKNOWN -> !isAnswered;
      case INTERNAL -> String.valueOf(getMessage()).contains(UNKNOWN_OUTCOME);
      default -> false;
    };
  }
}

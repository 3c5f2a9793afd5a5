package dev.kindstead.faults.workload;

import com.google.rpc.Code;
import dev.kindstead.simulation.check.Outcome;

/** A call did not succeed: by the word of a server, or because nobody answered. */
final class Failed extends Exception {
  private static final long serialVersionUID = 1;

  /** With these a server says that it does not know what became of a commit. */
  private static final String UNKNOWN_OUTCOME = "outcome unknown";

  private final Code code;

  /**
   * @param code UNKNOWN when there was no answer
   */
  Failed(Code code, String message) {
    super(code + ": " + message);
    this.code = code;
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
   * that is not an unknown outcome is a fault of the server, whatever befell it.
   */
  boolean isExpected() {
    return switch (code) {
      case ABORTED, UNAVAILABLE, RESOURCE_EXHAUSTED, UNKNOWN, DEADLINE_EXCEEDED -> true;
      case INTERNAL -> String.valueOf(getMessage()).contains(UNKNOWN_OUTCOME);
      default -> false;
    };
  }
}

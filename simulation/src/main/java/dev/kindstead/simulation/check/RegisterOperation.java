package dev.kindstead.simulation.check;

import org.jspecify.annotations.Nullable;

/**
 * One operation on a register, which holds a value or is absent. Times are of one clock.
 *
 * @param ended ignored when the outcome is unknown: the operation stays open for ever
 */
public record RegisterOperation(
    String key, int client, long invoked, long ended, Outcome outcome, Call call) {

  /** What was asked for, and what came back. */
  public sealed interface Call {}

  /** Reads; null for absent. */
  public record Read(@Nullable Long value) implements Call {}

  /** Writes, whatever was there; null deletes. */
  public record Write(@Nullable Long value) implements Call {}

  /**
   * Writes if what is there is as expected.
   *
   * @param applied whether it was; not looked at when the outcome is unknown
   */
  public record CompareAndSet(@Nullable Long expected, @Nullable Long value, boolean applied)
      implements Call {}

  public RegisterOperation {
    if (outcome != Outcome.UNKNOWN && ended < invoked) {
      throw new IllegalArgumentException("an operation that ends before it is invoked");
    }
  }

  boolean isOpen() {
    return outcome == Outcome.UNKNOWN;
  }

  /** The latest it may happen. */
  long latest() {
    return isOpen() ? Long.MAX_VALUE : ended;
  }
}

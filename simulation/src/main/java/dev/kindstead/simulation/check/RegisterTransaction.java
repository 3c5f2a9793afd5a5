package dev.kindstead.simulation.check;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that reads and writes several registers, each of which holds a value or is absent
 * as yet. Every written value is unique for its register. Times are of one clock.
 *
 * @param ended ignored when the outcome is unknown
 * @param reads what each register held, before this transaction's own writes
 */
public record RegisterTransaction(
    int id,
    long invoked,
    long ended,
    Outcome outcome,
    Map<String, Held> reads,
    Map<String, Written> writes) {
  /** Of versions. */
  public static final long NOT_KNOWN = 0;

  /**
   * @param value null for absent
   * @param version a greater one was written later
   */
  public record Held(@Nullable Long value, long version) {
    public static final Held ABSENT = new Held(null, NOT_KNOWN);
  }

  /**
   * @param values one after the other; only the last is for others to see
   * @param version of the last
   */
  public record Written(List<Long> values, long version) {
    public Written {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("a write of nothing");
      }
    }

    long last() {
      return values.getLast();
    }
  }

  public RegisterTransaction {
    reads = Map.copyOf(reads);
    writes = Map.copyOf(writes);
    if (outcome != Outcome.UNKNOWN && ended < invoked) {
      throw new IllegalArgumentException("a transaction that ends before it is invoked");
    }
  }

  /** The latest it may happen. */
  long latest() {
    return outcome == Outcome.UNKNOWN ? Long.MAX_VALUE : ended;
  }
}

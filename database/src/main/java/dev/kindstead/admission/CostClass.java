package dev.kindstead.admission;

import java.util.Locale;

/**
 * Calls of about the same cost, so that one kind of call does not take the places of another:
 * queries that read for seconds do not keep lookups waiting.
 */
public enum CostClass {
  /** Entities by key, the begin of a transaction, ids. */
  READ(4_096),
  /** What a log must replicate. */
  WRITE(1_024),
  /** A batch of results: a thread for milliseconds to seconds, megabytes of answer. */
  QUERY(256),
  /** May read a whole kind. */
  AGGREGATION(64);

  private final int callsMax;

  CostClass(int callsMax) {
    this.callsMax = callsMax;
  }

  /** Calls that go on at a time on one node; more of them only make each other slower. */
  int callsMax() {
    return callsMax;
  }

  /** As in metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

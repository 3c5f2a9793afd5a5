package dev.kindstead.simulation;

/** What a leader knows of another replica. Confined to the scheduler's thread. */
final class Progress {
  final String nodeId;

  /** The entry to send next. */
  long nextLogIndex;

  /** Known to be synced there. */
  long matchedLogIndex;

  /** Whether something was sent that has not been answered. */
  boolean isWaiting;

  /** When it is sent again, by the leader's clock. */
  long waitsUntilNanos;

  /** When the other was heard of last, by the leader's clock. */
  long heardNanos;

  Progress(String nodeId, long nextLogIndex, long nowNanos) {
    this.nodeId = nodeId;
    this.nextLogIndex = nextLogIndex;
    heardNanos = nowNanos;
  }
}

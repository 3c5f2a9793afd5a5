package dev.kindstead.replication;

/**
 * How far this member's own log has been synced: whoever applies waits for it. A leader counts the
 * syncs of its followers, and a follower hears of them with the next message, so an entry may be
 * agreed on before it is on the disk here.
 *
 * <p><b>Invariant.</b> The store has no entry that this member's log could lose to a power cut.
 * Else the next start would find a log that ends before its store, which is how a log shows that it
 * has lost what it had answered for.
 *
 * <p>Thread-safe: the log's thread tells, the apply thread waits.
 */
final class RaftSynced {
  /** A disk that stands still is looked at again after so long. */
  static final long LOOK_MILLIS = 500;

  /** Looks at a disk that stands still until another node should lead, whose disk may be faster. */
  static final int LOOKS_UNTIL_LATE = 2;

  /**
   * Looks at a disk that stands still until it counts as failed. Not for ever: what JRaft has to
   * say to the waiting thread piles up, and one day the log's thread would wait for room there.
   * Looks are counted, not seconds: a process that was stopped has not looked.
   */
  static final int LOOKS_MAX = 60;

  private final Runnable late;
  private final long lookMillis;
  private volatile long logIndex;
  private boolean ended;

  /**
   * @param late runs on the apply thread, which it must not hold up, once for each wait that has
   *     come to {@link #LOOKS_UNTIL_LATE}
   */
  RaftSynced(Runnable late, long lookMillis) {
    this.late = late;
    this.lookMillis = lookMillis;
  }

  /** The log ends here, all of it as durable as it was asked to be. */
  synchronized void reached(long lastLogIndex) {
    logIndex = lastLogIndex;
    notifyAll();
  }

  /** Nothing more will be synced. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * Waits until the log has been synced so far.
   *
   * @return false if that won't be
   */
  boolean await(long wanted) {
    return logIndex >= wanted || awaitDisk(wanted);
  }

  private synchronized boolean awaitDisk(long wanted) {
    long seen = logIndex;
    for (int looks = 0; logIndex < wanted && !ended && looks < LOOKS_MAX; looks++) {
      if (looks == LOOKS_UNTIL_LATE) {
        late.run();
      }
      try {
        wait(lookMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      if (logIndex != seen) {
        seen = logIndex;
        looks = 0;
      }
    }
    return logIndex >= wanted;
  }
}

package dev.kindstead.transaction;

/**
 * When the next entry goes. An entry costs every replica a sync, messages and changes of thread
 * whatever it holds, so few full ones are cheaper than many. Clients that were just answered are
 * about to come back: the next entry waits a moment for them, unless about as many steps are there
 * as there were lately. Alone, a client never waits.
 *
 * <p>Confined to the shard's executor.
 */
final class EntryPace {
  /** Steps with which an entry goes even while another one is on its way. */
  static final int ENTRY_STEPS_FULL = 32;

  /** Of the steps seen lately, three in four are company enough. */
  private static final int ENOUGH_OF_FOUR = 3;

  /** Waiting longer than half of what an entry takes would cost more time than it saves. */
  private static final int WAITS_PER_ENTRY = 2;

  private static final long WAIT_NANOS_MAX = 5_000_000;

  /** Shorter waits cost more than they bring: a timer, and a thread to be woken. */
  private static final long WAIT_NANOS_MIN = 100_000;

  private int seenLately;
  private long waitUntilNanos;
  private boolean waits;

  /**
   * An entry has ended, and nothing was proposed since.
   *
   * @param steps that it had
   * @param ready steps that have come meanwhile
   * @param tookNanos from its proposal to its end
   */
  void ended(int steps, int ready, long tookNanos, long nowNanos) {
    seenLately = steps + ready;
    long wait = Math.min(tookNanos / WAITS_PER_ENTRY, WAIT_NANOS_MAX);
    waits = wait >= WAIT_NANOS_MIN;
    waitUntilNanos = nowNanos + wait;
  }

  /** An entry was proposed. */
  void proposed() {
    waits = false;
  }

  /** Nanoseconds that an entry with {@code ready} steps is still to wait, zero if it may go. */
  long waitNanos(int ready, int entriesInFlight, long nowNanos) {
    if (ready >= ENTRY_STEPS_FULL) {
      return 0;
    }
    if (entriesInFlight > 0) {
      return Long.MAX_VALUE;
    }
    if (!waits || ready * 4 >= seenLately * ENOUGH_OF_FOUR) {
      return 0;
    }
    long left = waitUntilNanos - nowNanos;
    // A timer may end a little early by this clock: one of the few nanoseconds that are left then
    // could end in no time, again and again.
    return left <= 0 ? 0 : Math.max(left, WAIT_NANOS_MIN);
  }
}

package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a shard's leader does in turn: it may have to wait, and most end in commands of
 * the entry being gathered. Every operation of the participant is a subclass.
 *
 * <p>Confined to the shard's executor, but for a {@link #fail} before it was queued.
 */
abstract class Step {
  /** What became of a step that was begun. */
  enum Begun {
    /** It holds what it needs; its commands go into the entry. */
    READY,
    /** It waits for a holder or a lock, which will queue it again. */
    WAITING,
    /** It needs no command, or has failed and said so. */
    OVER
  }

  private long deadlineNanos = Long.MAX_VALUE;
  private volatile boolean over;
  private @Nullable Holder awaited;

  /**
   * Takes latches, validates, evaluates. What is thrown here ends the step with {@link #fail}, so
   * nothing may be held then.
   *
   * @param batch holds the latches of what commits with the entry
   */
  abstract Begun begin(Holder batch);

  /** Whether it commits at a timestamp of the entry. */
  boolean needsTimestamp() {
    return true;
  }

  /** Whether its entry holds nothing else and nothing is in flight beside it. */
  boolean isAlone() {
    return false;
  }

  /** Whether it finishes what was begun, so that a full queue must not refuse it. */
  boolean isInternal() {
    return false;
  }

  /** Whether nobody but its client waits for it: it may wait for others to share its entry. */
  boolean mayWait() {
    return false;
  }

  /** Whether it is too late to begin it: nobody waits for it any more. */
  boolean isLate(long nowNanos) {
    return false;
  }

  /** Roughly how long its commands are. */
  int bytes() {
    return 128;
  }

  /** Adds its commands, once all steps of the entry are ready. */
  abstract void addCommands(long timestamp, List<Command> commands);

  /** Gives back what {@link #begin} took: the entry could not be proposed now. */
  void undo() {}

  /** The entry's outcome is certain, APPLIED or NOT_APPLIED: to let go of what is held. */
  void ended(Outcome outcome) {}

  /** The same, after everything of the entry was let go: to answer. */
  abstract void answer(Outcome outcome);

  /** The outcome stays unknown for long: to be answered, while all that is held stays held. */
  void inDoubt() {
    fail(TransactionErrors.unknownOutcome());
  }

  /** Answers with a failure. */
  abstract void answerFailure(RuntimeException failure);

  final void fail(RuntimeException failure) {
    over = true;
    stopAwaiting();
    answerFailure(failure);
  }

  /** Waits for a holder, which queues it again when it is released. */
  final Begun await(Holder holder) {
    awaited = holder;
    holder.addWaiting(this);
    return Begun.WAITING;
  }

  /** Its turn has come again, or it waits no longer: what is in doubt may be held for hours. */
  final void stopAwaiting() {
    Holder holder = awaited;
    if (holder != null) {
      awaited = null;
      holder.removeWaiting(this);
    }
  }

  /** A failed step may still be in a queue; it is passed over. */
  final boolean isOver() {
    return over;
  }

  final void setDeadlineNanos(long nanos) {
    deadlineNanos = nanos;
  }

  final long deadlineNanos() {
    return deadlineNanos;
  }
}

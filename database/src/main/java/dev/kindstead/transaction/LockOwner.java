package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as shards know it: how old it is, which locks it has, whether it is over.
 *
 * <p>Thread-safe.
 *
 * <p><b>Invariant.</b> It begins to commit at most once, and never after it was ended: whoever
 * calls {@link #startCommit} or {@link #end} first, wins.
 */
class LockOwner {
  /** A lock it holds. */
  record HeldLock(int shard, Bytes key) {}

  private enum State {
    OPEN,
    COMMITTING,
    LATCHED,
    ENDED
  }

  private final TransactionId id;
  private final long age;
  private final Set<HeldLock> locks = new LinkedHashSet<>();
  private State state = State.OPEN;
  private long fingerprint;
  private @Nullable TransactionEnd end;
  private boolean locksTaken;
  private @Nullable Runnable wake;

  /**
   * @param age when the first of its attempts began, microseconds
   */
  LockOwner(TransactionId id, long age) {
    this.id = id;
    this.age = age;
  }

  final TransactionId id() {
    return id;
  }

  final long age() {
    return age;
  }

  /** Older transactions win over younger ones; no two are of one age. */
  final boolean isOlderThan(LockOwner other) {
    return age != other.age ? age < other.age : id.bytes().compareTo(other.id.bytes()) < 0;
  }

  /**
   * Whether the caller is to commit; false when someone does already, or it is over.
   *
   * @param requested the {@link RequestFingerprint} of what is to be committed
   */
  final synchronized boolean startCommit(long requested) {
    if (state != State.OPEN) {
      return false;
    }
    state = State.COMMITTING;
    fingerprint = requested;
    return true;
  }

  /** Of the commit that has begun. */
  final synchronized long fingerprint() {
    return fingerprint;
  }

  /** Runs when the transaction is ended while its commit waits; the last one set counts. */
  final synchronized void setWake(Runnable task) {
    wake = task;
  }

  final synchronized @Nullable Runnable takeWake() {
    Runnable taken = wake;
    wake = null;
    return taken;
  }

  /**
   * The commit has all its latches: from now on nobody can end it.
   *
   * @return false when it was ended before; then its commit must fail
   */
  final synchronized boolean latch() {
    if (state == State.ENDED) {
      return false;
    }
    state = State.LATCHED;
    return true;
  }

  /** Why it is over, null while it is not. */
  final synchronized @Nullable TransactionEnd end() {
    return end;
  }

  /** Ends it unless it has latched or ended before; returns whether it did. */
  final synchronized boolean end(TransactionEnd reason) {
    if (state == State.LATCHED || state == State.ENDED) {
      return false;
    }
    state = State.ENDED;
    end = reason;
    return true;
  }

  /** Ends it if no commit has begun; returns whether it did. */
  final synchronized boolean endOpen(TransactionEnd reason) {
    return state == State.OPEN && end(reason);
  }

  /** Whether no commit has begun. */
  final synchronized boolean isOpen() {
    return state == State.OPEN;
  }

  /** Remembers a lock; false when it is over and the lock must go. */
  final synchronized boolean addLock(HeldLock lock) {
    if (state == State.ENDED || locksTaken) {
      return false;
    }
    locks.add(lock);
    return true;
  }

  /** Takes the locks, to let go of them; it gets no others. */
  final synchronized Set<HeldLock> takeLocks() {
    locksTaken = true;
    var taken = new LinkedHashSet<>(locks);
    locks.clear();
    return taken;
  }
}

package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction, remembered by its home.
 *
 * <p>Thread-safe.
 *
 * <p><b>Invariant.</b> It begins to commit at most once, and never after it was ended: whoever
 * calls {@link #startCommit} or {@link #end} first, wins.
 */
final class LiveTransaction {
  /** A lock it holds. */
  record HeldLock(int shard, Bytes key) {}

  private enum State {
    OPEN,
    COMMITTING,
    LATCHED,
    ENDED
  }

  private final TransactionId id;
  private final DatabaseId database;
  private final ConcurrencyMode mode;
  private final boolean readOnly;
  private final long begin;
  private final long age;
  private final int slot;
  private final long beganNanos;
  private final ReadSet reads = new ReadSet();
  private final Set<HeldLock> locks = new LinkedHashSet<>();
  private final CompletableFuture<CommitResult> answer = new CompletableFuture<>();
  private State state = State.OPEN;
  private long fingerprint;
  private @Nullable TransactionEnd end;
  private boolean locksTaken;
  private @Nullable Runnable wake;
  private volatile long usedNanos;
  private volatile @Nullable ReadTime snapshot;

  /**
   * @param snapshot null to be set by the first read
   */
  LiveTransaction(
      TransactionId id,
      TransactionIds.Content content,
      DatabaseId database,
      ConcurrencyMode mode,
      long nowNanos,
      @Nullable ReadTime snapshot) {
    this.id = id;
    this.database = database;
    this.mode = mode;
    this.readOnly = content.readOnly();
    this.begin = content.begin();
    this.age = content.age();
    this.slot = content.slot();
    this.beganNanos = nowNanos;
    this.usedNanos = nowNanos;
    this.snapshot = snapshot;
  }

  TransactionId id() {
    return id;
  }

  DatabaseId database() {
    return database;
  }

  ConcurrencyMode mode() {
    return mode;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  int slot() {
    return slot;
  }

  /** Older transactions win over younger ones; no two are of one age. */
  boolean isOlderThan(LiveTransaction other) {
    return age != other.age ? age < other.age : id.bytes().compareTo(other.id.bytes()) < 0;
  }

  /** Microseconds. */
  long begin() {
    return begin;
  }

  long age() {
    return age;
  }

  ReadSet reads() {
    return reads;
  }

  /** Microseconds, zero before the first read. */
  long snapshot() {
    ReadTime known = snapshot;
    return known == null ? 0 : known.micros();
  }

  /** What it reads at, null before the first read. */
  @Nullable ReadTime readTime() {
    return snapshot;
  }

  /** The same: {@code proposed} if this is the first read. */
  synchronized ReadTime readTimeOr(ReadTime proposed) {
    ReadTime known = snapshot;
    if (known == null) {
      snapshot = proposed;
      return proposed;
    }
    return known;
  }

  void use(long nowNanos) {
    usedNanos = nowNanos;
  }

  long usedNanos() {
    return usedNanos;
  }

  long beganNanos() {
    return beganNanos;
  }

  /** The commit's answer, for all who ask for it. */
  CompletableFuture<CommitResult> answer() {
    return answer;
  }

  /**
   * Whether the caller is to commit; false when someone does already.
   *
   * @param requested the {@link RequestFingerprint} of what is to be committed
   */
  synchronized boolean startCommit(long requested) {
    if (end != null) {
      throw end.failure();
    }
    if (state != State.OPEN) {
      return false;
    }
    state = State.COMMITTING;
    fingerprint = requested;
    return true;
  }

  /** Of the commit that has begun. */
  synchronized long fingerprint() {
    return fingerprint;
  }

  /** Runs when the transaction is ended while its commit waits; the last one set counts. */
  synchronized void setWake(Runnable task) {
    wake = task;
  }

  synchronized @Nullable Runnable takeWake() {
    Runnable taken = wake;
    wake = null;
    return taken;
  }

  /**
   * The commit has all its latches: from now on nobody can end it.
   *
   * @return false when it was ended before; then its commit must fail
   */
  synchronized boolean latch() {
    if (state == State.ENDED) {
      return false;
    }
    state = State.LATCHED;
    return true;
  }

  /** Why it is over, null while it is not. */
  synchronized @Nullable TransactionEnd end() {
    return end;
  }

  /** Ends it unless it has latched or ended before; returns whether it did. */
  synchronized boolean end(TransactionEnd reason) {
    if (state == State.LATCHED || state == State.ENDED) {
      return false;
    }
    state = State.ENDED;
    end = reason;
    return true;
  }

  /** Ends it if no commit has begun; returns whether it did. */
  synchronized boolean endOpen(TransactionEnd reason) {
    return state == State.OPEN && end(reason);
  }

  /** Whether no commit has begun. */
  synchronized boolean isOpen() {
    return state == State.OPEN;
  }

  /** Remembers a lock; false when it is over and the lock must go. */
  synchronized boolean addLock(HeldLock lock) {
    if (state == State.ENDED || locksTaken) {
      return false;
    }
    locks.add(lock);
    return true;
  }

  /** Takes the locks, to let go of them; it gets no others. */
  synchronized Set<HeldLock> takeLocks() {
    locksTaken = true;
    var taken = new LinkedHashSet<>(locks);
    locks.clear();
    return taken;
  }
}

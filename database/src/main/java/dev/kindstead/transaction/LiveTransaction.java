package dev.kindstead.transaction;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An open transaction, remembered by its home.
 *
 * <p>Thread-safe.
 */
final class LiveTransaction extends LockOwner {
  private final DatabaseId database;
  private final ConcurrencyMode mode;
  private final boolean readOnly;
  private final long begin;
  private final int slot;
  private final long beganNanos;
  private final ReadSet reads = new ReadSet();
  private final CompletableFuture<CommitResult> answer = new CompletableFuture<>();
  private final Set<Integer> guesthouses = ConcurrentHashMap.newKeySet();
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
    super(id, content.age());
    this.database = database;
    this.mode = mode;
    this.readOnly = content.readOnly();
    this.begin = content.begin();
    this.slot = content.slot();
    this.beganNanos = nowNanos;
    this.usedNanos = nowNanos;
    this.snapshot = snapshot;
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

  /** Microseconds. */
  long begin() {
    return begin;
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

  /** A shard led by another node, which something stands on for this transaction. */
  void addGuesthouse(int shard) {
    guesthouses.add(shard);
  }

  Set<Integer> guesthouses() {
    return guesthouses;
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
}

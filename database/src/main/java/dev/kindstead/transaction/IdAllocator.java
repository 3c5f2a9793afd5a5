package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Hands out ids that were never handed out before: whole numbers from 2^52 to 2^53, exact in
 * JavaScript, scattered so that neighbours in time are not neighbours in a key range.
 *
 * <p>An id is a counter with its 52 bits reversed. Counters come from blocks that the system
 * group's log reserves before they are used; what a restart finds unused is never used (rule 11).
 * None is handed out without the oracle's lease: the next home answers those who reserve ids.
 *
 * <p>Thread-safe; never blocks.
 */
final class IdAllocator {
  static final int ID_BITS = 52;
  static final long ID_FIRST = 1L << ID_BITS;

  /** Counters reserved at a time. */
  static final long BLOCK_COUNTERS = 16_384;

  private final SystemGroup system;
  private final OwnTimestamps timestamps;
  private final Object lock = new Object();
  private boolean serves;
  private long tenure;
  private long next = 1;
  private long blockEnd = 1;

  /** The end of the block that the log was asked for last. */
  private long askedEnd = 1;

  /**
   * Of what was reserved, the counters below {@link #askedEnd} that the store may not have had when
   * their block was opened: never more than blocks that are not used up have. What lies above, the
   * log has before that block, for both go into it in the order of {@link #lock}.
   */
  private NavigableSet<Long> reserved = new TreeSet<>();

  private CompletableFuture<Void> refill = CompletableFuture.completedFuture(null);

  /**
   * @param timestamps whose lease is the leave to hand out ids, too: only under it is this node the
   *     one that hears which of them are reserved
   */
  IdAllocator(SystemGroup system, OwnTimestamps timestamps) {
    this.system = system;
    this.timestamps = timestamps;
  }

  /** To be called when this node begins to lead the system group. */
  void start() {
    synchronized (lock) {
      serves = true;
      tenure++;
      next = Math.max(1, StoredState.idBlock(system.store()));
      blockEnd = next;
      askedEnd = next;
      reserved = new TreeSet<>();
    }
  }

  /** Another node may hand out ids, and reserve some of this block. */
  void stop() {
    synchronized (lock) {
      serves = false;
      tenure++;
      next = blockEnd;
    }
  }

  /** A new id, or zero when a block or the lease must be awaited: see {@link #refill}. */
  long tryNext() {
    long drawn;
    synchronized (lock) {
      while (next < blockEnd && reserved.remove(next)) {
        next++;
      }
      if (next >= blockEnd) {
        return 0;
      }
      drawn = next++;
    }
    return timestamps.areLeased() ? idOf(drawn) : 0;
  }

  /**
   * Reserves the next block, or waits for the lease; ends when there may be ids again.
   *
   * @return fails with a NotServedException where this node is not the one: it may lead the group
   *     already and have its log take a block, but does not know yet which ones were taken before
   */
  CompletableFuture<Void> refill() {
    synchronized (lock) {
      if (!serves) {
        return CompletableFuture.failedFuture(TransactionErrors.notLed());
      }
      if (!refill.isDone()) {
        return refill;
      }
      if (next < blockEnd) {
        return timestamps.read().thenAccept(_ -> {});
      }
      long from = blockEnd;
      long until = from + BLOCK_COUNTERS;
      long asked = tenure;
      askedEnd = until;
      refill = system.propose(new Command.IdBlock(until)).thenRun(() -> open(asked, from, until));
      return refill;
    }
  }

  private void open(long asked, long from, long until) {
    NavigableSet<Long> taken = StoredState.reservedIds(system.store(), from, until);
    synchronized (lock) {
      if (tenure != asked) {
        return;
      }
      taken.addAll(reserved);
      reserved = taken;
      next = from;
      blockEnd = until;
    }
  }

  /** Keeps ids from ever being handed out. */
  CompletableFuture<Void> reserve(Collection<Long> ids) {
    var counters = new ArrayList<Long>();
    synchronized (lock) {
      for (long id : ids) {
        if (id >= ID_FIRST && id < 2 * ID_FIRST && counterOf(id) >= next) {
          counters.add(counterOf(id));
        }
      }
      if (counters.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      counters.stream().filter(counter -> counter < askedEnd).forEach(reserved::add);
      return system.propose(new Command.ReserveIds(List.copyOf(counters)));
    }
  }

  /** How many reserved ids are in memory. */
  int remembered() {
    synchronized (lock) {
      return reserved.size();
    }
  }

  static long idOf(long counter) {
    return ID_FIRST | Long.reverse(counter) >>> (Long.SIZE - ID_BITS);
  }

  private static long counterOf(long id) {
    return Long.reverse(id - ID_FIRST) >>> (Long.SIZE - ID_BITS);
  }
}

package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shared locks of pessimistic transactions on the entities they read, on one shard. Commits wait
 * for them; exclusive locks are the commits' latches.
 *
 * <p>Locks make failures rare, no more: a commit is validated whatever they say. Deadlocks are
 * avoided by age: a commit ends the younger transactions in its way and waits for the older ones.
 *
 * <p>Thread-safe; tasks run outside the lock.
 */
final class LockTable {
  /** Keys locked on one shard. */
  static final int KEYS_MAX = 1_000_000;

  private static final class Locked {
    final List<LockOwner> holders = new ArrayList<>(1);
    final List<Waiter> waiters = new ArrayList<>(0);
  }

  /** Someone who tries again when a lock is released. */
  private record Waiter(Runnable task, long writerAge) {
    static final long NO_WRITER = Long.MAX_VALUE;
  }

  private final Map<Bytes, Locked> table = new HashMap<>();
  private volatile int size;

  /** What came of asking for a shared lock. */
  enum Answer {
    GRANTED,
    WAITING,
    FULL
  }

  /** Takes a shared lock, or sees that {@code retry} runs when it may be had. */
  synchronized Answer lockShared(Bytes key, LockOwner transaction, Runnable retry) {
    Locked locked = table.get(key);
    if (locked == null) {
      if (table.size() >= KEYS_MAX) {
        return Answer.FULL;
      }
      locked = new Locked();
      table.put(key, locked);
      size = table.size();
    } else if (locked.holders.contains(transaction)) {
      return Answer.GRANTED;
    } else if (locked.waiters.stream().anyMatch(w -> w.writerAge < transaction.age())) {
      locked.waiters.add(new Waiter(retry, Waiter.NO_WRITER));
      return Answer.WAITING;
    }
    locked.holders.add(transaction);
    return Answer.GRANTED;
  }

  /** Transactions other than {@code self} with a lock on the key. */
  List<LockOwner> others(Bytes key, @Nullable LockOwner self) {
    if (size == 0) {
      return List.of();
    }
    synchronized (this) {
      Locked locked = table.get(key);
      if (locked == null) {
        return List.of();
      }
      return locked.holders.stream().filter(holder -> !isOf(self, holder)).toList();
    }
  }

  /**
   * Runs {@code retry} whenever a lock on the key is released; until {@link #stopWaiting}, younger
   * transactions get no new one.
   *
   * @param writerAge microseconds
   * @return false when nobody else holds a lock any more
   */
  synchronized boolean awaitRelease(
      Bytes key, @Nullable LockOwner self, long writerAge, Runnable retry) {
    Locked locked = table.get(key);
    if (locked == null || locked.holders.stream().allMatch(holder -> isOf(self, holder))) {
      return false;
    }
    if (locked.waiters.stream().noneMatch(waiter -> waiter.task() == retry)) {
      locked.waiters.add(new Waiter(retry, writerAge));
    }
    return true;
  }

  /** A transaction may have a stand-in here as well, of when another node led the shard. */
  private static boolean isOf(@Nullable LockOwner self, LockOwner holder) {
    return self != null && self.id().equals(holder.id());
  }

  /** Stops waiting; whoever waited behind it is let through. */
  void stopWaiting(Bytes key, Runnable retry) {
    List<Runnable> woken;
    synchronized (this) {
      Locked locked = table.get(key);
      if (locked == null || !locked.waiters.removeIf(waiter -> waiter.task() == retry)) {
        return;
      }
      woken = takeWaiters(locked);
      forgetIfFree(key, locked);
    }
    woken.forEach(Runnable::run);
  }

  void unlock(Bytes key, LockOwner transaction) {
    List<Runnable> woken;
    synchronized (this) {
      Locked locked = table.get(key);
      if (locked == null || !locked.holders.remove(transaction)) {
        return;
      }
      woken = takeWaiters(locked);
      forgetIfFree(key, locked);
    }
    woken.forEach(Runnable::run);
  }

  /** How many keys are locked. */
  int size() {
    return size;
  }

  /** Everyone tries again; writers keep their place. */
  private static List<Runnable> takeWaiters(Locked locked) {
    List<Runnable> taken = locked.waiters.stream().map(Waiter::task).toList();
    locked.waiters.removeIf(waiter -> waiter.writerAge() == Waiter.NO_WRITER);
    return taken;
  }

  private void forgetIfFree(Bytes key, Locked locked) {
    if (locked.holders.isEmpty() && locked.waiters.isEmpty()) {
      table.remove(key);
      size = table.size();
    }
  }
}

package dev.kindstead.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the calls, views and scans inside RocksDB, so that none of them meets a closed database,
 * which would end the process. Thread-safe.
 */
final class RocksGate {
  private static final long CLOSED = 1L << 62;

  private final AtomicLong inside = new AtomicLong();

  void enter() {
    if (!tryEnter()) {
      throw StorageException.refused("this storage is closed");
    }
  }

  /** False once it is closed. */
  boolean tryEnter() {
    if ((inside.incrementAndGet() & CLOSED) == 0) {
      return true;
    }
    leave();
    return false;
  }

  void leave() {
    if (inside.decrementAndGet() == CLOSED) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Lets nobody in any more; false if it was so already. */
  boolean close() {
    return (inside.getAndUpdate(state -> state | CLOSED) & CLOSED) == 0;
  }

  /** The same as {@link #close} if nobody is inside; otherwise nothing changes. */
  boolean closeIfEmpty() {
    return inside.compareAndSet(0, CLOSED);
  }

  /** After {@link #close}: whether everybody left in time. */
  synchronized boolean awaitEmpty(long seconds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    boolean interrupted = false;
    while (inside.get() != CLOSED && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.timedWait(this, 50);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return inside.get() == CLOSED;
  }
}

package dev.kindstead.service;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.storage.StorageException;
import dev.kindstead.transaction.ReadSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reads may wait for the disk: a bounded pool, whose threads event loops hand sessions to.
 * Thread-safe.
 */
record ReadingThreads(Executor executor, Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(ReadingThreads.class);

  /**
   * Reads on the pool, then closes the session; a full pool refuses with UNAVAILABLE, and so does a
   * disk that can't be read.
   *
   * @param deadlineNanos by the monotonic clock: a read whose turn comes later is not begun
   */
  <T> CompletableFuture<T> read(
      ReadSession session, long deadlineNanos, Function<ReadSession, T> reading) {
    Supplier<T> task =
        () -> {
          try (session) {
            if (clock.monotonicNanos() > deadlineNanos) {
              throw DatastoreException.deadlinePassed();
            }
            return reading.apply(session);
          } catch (StorageException unreadable) {
            LOG.error("a read has failed", unreadable);
            throw unreadable.asRefusal();
          }
        };
    try {
      return CompletableFuture.supplyAsync(task, executor);
    } catch (RejectedExecutionException full) {
      session.close();
      throw new DatastoreException(Code.UNAVAILABLE, "too many reads are waiting; try again", full);
    }
  }
}

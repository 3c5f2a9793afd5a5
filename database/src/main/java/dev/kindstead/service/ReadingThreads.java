package dev.kindstead.service;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.ReadSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where reads may wait for the disk: a bounded pool, whose threads event loops hand sessions to.
 * Thread-safe.
 */
record ReadingThreads(Executor executor) {
  /** Reads on the pool, then closes the session; a full pool refuses with UNAVAILABLE. */
  <T> CompletableFuture<T> read(ReadSession session, Function<ReadSession, T> reading) {
    Supplier<T> task =
        () -> {
          try (session) {
            return reading.apply(session);
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

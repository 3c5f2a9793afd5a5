package dev.kindstead.environment;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * How code on a thread of its own waits for others, as an argument: a simulated thread lets the
 * others go on meanwhile. Thread-safe.
 */
public interface Waiting {
  /** The thread stands still until then. */
  Waiting BLOCKING = CompletableFuture::join;

  /** The result; a failure comes as CompletionException. */
  <T> T join(CompletableFuture<T> future);

  /** What a future failed with, without what its stages and {@link #join} wrap it in. */
  static Throwable causeOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}

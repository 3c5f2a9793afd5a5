package dev.kindstead.environment;

import java.util.concurrent.CompletableFuture;

/**
 * How code on a thread of its own waits for others, as an argument: a simulated thread lets the
 * others go on meanwhile. Thread-safe.
 */
public interface Waiting {
  /** The thread stands still until then. */
  Waiting BLOCKING = CompletableFuture::join;

  /** The result; a failure comes as CompletionException. */
  <T> T join(CompletableFuture<T> future);
}

package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Gathers what readers of keys ask a shard's leader: one question at a time is on its way, for all
 * who waited when it was sent. It asks for the latest of their times, which does for the others.
 *
 * <p>Thread-safe.
 */
final class Passes {
  /** Keys of one question; whoever comes then waits for the next. */
  private static final int KEYS_MAX = 1_000;

  private record Waiting(ShardQuestion.Pass wish, CompletableFuture<Long> passed) {}

  private final Function<ShardQuestion.Pass, CompletableFuture<Long>> asking;
  private final Object lock = new Object();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean isAsking;

  /**
   * @param asking asks the leader
   */
  Passes(Function<ShardQuestion.Pass, CompletableFuture<Long>> asking) {
    this.asking = asking;
  }

  /** See {@link Shard#pass}. */
  CompletableFuture<Long> pass(ShardQuestion.Pass wish) {
    var mine = new Waiting(wish, new CompletableFuture<>());
    synchronized (lock) {
      waiting.add(mine);
      if (isAsking) {
        return mine.passed();
      }
      isAsking = true;
    }
    askForAll();
    return mine.passed();
  }

  private void askForAll() {
    var all = new ArrayList<Waiting>();
    var keys = new ArrayList<Bytes>();
    synchronized (lock) {
      while (!waiting.isEmpty() && keys.size() < KEYS_MAX) {
        Waiting next = waiting.poll();
        all.add(next);
        keys.addAll(next.wish().keys());
      }
      if (all.isEmpty()) {
        isAsking = false;
        return;
      }
    }
    long micros = 0;
    long term = 0;
    long applied = Long.MAX_VALUE;
    for (Waiting each : all) {
      micros = Math.max(micros, each.wish().micros());
      term = Math.max(term, each.wish().term());
      applied = Math.min(applied, each.wish().applied());
    }
    var unused =
        asking
            .apply(new ShardQuestion.Pass(micros, term, applied, keys))
            .whenComplete((logIndex, failure) -> {
              askForAll();
              for (Waiting each : all) {
                if (failure == null) {
                  each.passed().complete(logIndex);
                } else {
                  each.passed().completeExceptionally(TransactionErrors.of(failure));
                }
              }
            });
  }
}

package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Gathers what readers of keys ask a shard's leader: one question at a time is on its way, for all
 * who waited when it was sent. It asks for the latest of their times, which does for the others.
 * The leader answers when nothing is in the way of any of its keys, so where that takes long the
 * next question goes beside it: a key in doubt must not be in the way of all.
 *
 * <p>Thread-safe.
 */
final class Passes {
  /** Keys of one question; whoever comes then waits for the next. */
  private static final int KEYS_MAX = 1_000;

  /** Whoever waits for longer than most answers take is asked for beside the last question. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /** Questions on their way at once. */
  private static final int ASKED_MAX = 16;

  private record Waiting(ShardQuestion.Pass wish, CompletableFuture<Long> passed) {}

  private final Function<ShardQuestion.Pass, CompletableFuture<Long>> asking;
  private final Clock clock;
  private final Timers timers;
  private final Object lock = new Object();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int asked;

  /** Of the question that was sent last: it alone is followed by the next. */
  private long last;

  private long lastAskedNanos;
  private boolean isWatching;

  /**
   * @param asking asks the leader
   */
  Passes(Function<ShardQuestion.Pass, CompletableFuture<Long>> asking, Clock clock, Timers timers) {
    this.asking = asking;
    this.clock = clock;
    this.timers = timers;
  }

  /** See {@link Shard#pass}. */
  CompletableFuture<Long> pass(ShardQuestion.Pass wish) {
    var mine = new Waiting(wish, new CompletableFuture<>());
    synchronized (lock) {
      waiting.add(mine);
      if (asked > 0) {
        watch();
        return mine.passed();
      }
      asked++;
    }
    askForAll();
    return mine.passed();
  }

  private void watch() {
    if (!waiting.isEmpty() && !isWatching && asked < ASKED_MAX) {
      isWatching = true;
      timers.schedule(PATIENCE, this::lookAgain);
    }
  }

  private void lookAgain() {
    synchronized (lock) {
      isWatching = false;
      if (waiting.isEmpty()) {
        return;
      }
      if (clock.monotonicNanos() - lastAskedNanos < PATIENCE.toNanos()) {
        watch(); // answers come
        return;
      }
      asked++;
    }
    askForAll();
  }

  /** One that was overtaken has had its place beside the others for itself alone. */
  private void goOn(long question) {
    synchronized (lock) {
      if (question != last) {
        asked--;
        watch();
        return;
      }
    }
    askForAll();
  }

  private void askForAll() {
    var all = new ArrayList<Waiting>();
    var keys = new ArrayList<Bytes>();
    long question;
    synchronized (lock) {
      while (!waiting.isEmpty() && keys.size() < KEYS_MAX) {
        Waiting next = waiting.poll();
        all.add(next);
        keys.addAll(next.wish().keys());
      }
      if (all.isEmpty()) {
        asked--;
        return;
      }
      watch();
      question = ++last;
      lastAskedNanos = clock.monotonicNanos();
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
              goOn(question);
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

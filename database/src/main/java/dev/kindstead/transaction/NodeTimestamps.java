package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Timestamps wherever they are handed out now: by this node's oracle while it runs, else by another
 * node's. Thread-safe.
 */
final class NodeTimestamps implements Timestamps {
  /** That no timestamp was heard of. */
  static final long NONE_YET = 0;

  /** Far less than what commits' answers are kept by. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final BooleanSupplier ownRuns;
  private final Timestamps own;
  private final Timestamps asked;
  private final Clock clock;
  private final AtomicLong last = new AtomicLong(NONE_YET);
  private volatile long heardNanos;

  /**
   * @param ownRuns whether this node's oracle is the one
   */
  NodeTimestamps(BooleanSupplier ownRuns, Timestamps own, Timestamps asked, Clock clock) {
    this.clock = clock;
    heardNanos = clock.monotonicNanos() - RECENT.toNanos();
    this.ownRuns = ownRuns;
    this.own = own;
    this.asked = asked;
  }

  private Timestamps now() {
    return ownRuns.getAsBoolean() ? own : asked;
  }

  @Override
  public CompletableFuture<Long> next(int count) {
    return now()
        .next(count)
        .thenApply(first -> {
          heard(first + count - 1);
          return first;
        });
  }

  @Override
  public CompletableFuture<ReadTime> read() {
    return now()
        .read()
        .thenApply(time -> {
          heard(time.micros());
          return time;
        });
  }

  private void heard(long timestamp) {
    last.accumulateAndGet(timestamp, Math::max);
    heardNanos = clock.monotonicNanos();
  }

  /** A timestamp of not long ago: the last one, if it is. */
  CompletableFuture<Long> recent() {
    return clock.monotonicNanos() - heardNanos < RECENT.toNanos()
        ? CompletableFuture.completedFuture(last.get())
        : read().thenApply(ReadTime::micros);
  }

  @Override
  public CompletableFuture<Void> announce(int shard, long term, String leader) {
    return now().announce(shard, term, leader);
  }

  @Override
  public CompletableFuture<Map<Integer, String>> leaders() {
    return now().leaders();
  }

  /**
   * The greatest timestamp that this node has heard of, or {@link #NONE_YET}: what is handed out
   * next is above it.
   */
  long last() {
    return last.get();
  }

  /**
   * When it was, by the monotonic clock; to be asked after {@link #last}, so that it is no later.
   */
  long heardNanos() {
    return heardNanos;
  }
}

package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Timestamps of this node's oracle, waited for while it has none.
 *
 * <p>Thread-safe.
 */
final class OwnTimestamps implements Timestamps {
  /** A request waits this long for the oracle's next bound or lease. */
  private static final Duration WAIT_LIMIT = Duration.ofSeconds(10);

  private final TimestampOracle oracle;
  private final SystemGroup system;
  private final Timers timers;
  private final Object lock = new Object();

  /** What leaders have announced, applied or not: none is asked for below. */
  private ShardTerms asked = ShardTerms.NONE;

  private volatile ShardTerms terms = ShardTerms.NONE;
  private volatile Map<Integer, String> leaders = Map.of();

  OwnTimestamps(TimestampOracle oracle, SystemGroup system, Timers timers) {
    this.oracle = oracle;
    this.system = system;
    this.timers = timers;
  }

  /** Takes over what the log holds; to be called before the oracle starts. */
  void load() {
    synchronized (lock) {
      ShardTerms stored = ShardTerms.of(StoredState.shardTerms(system.store()));
      asked = stored;
      terms = stored;
      leaders = StoredState.shardLeaders(system.store());
    }
  }

  /** How a time of the past is read now. */
  ReadTime past(long micros) {
    return new ReadTime(micros, terms, system.indexesAt());
  }

  /** Whether no other node is the oracle: asked after something was decided, it was so then. */
  boolean areLeased() {
    return oracle.read() != 0;
  }

  @Override
  public CompletableFuture<Long> next(int count) {
    return soon(() -> oracle.next(count));
  }

  @Override
  public CompletableFuture<ReadTime> read() {
    // The terms after the time: a leader announced in between is named needlessly, at the worst.
    return soon(oracle::read).thenApply(micros -> new ReadTime(micros, terms, system.indexesAt()));
  }

  @Override
  public CompletableFuture<Void> announce(int shard, long term, String leader) {
    synchronized (lock) {
      if (asked.of(shard) > term) {
        return CompletableFuture.failedFuture(TransactionErrors.notLed());
      }
      if (terms.of(shard) == term && leader.equals(leaders.get(shard))) {
        return CompletableFuture.completedFuture(null);
      }
      asked = asked.with(shard, term);
    }
    return system
        .propose(new Command.ShardTerm(shard, term, leader))
        .thenRun(() -> announced(shard, term, leader));
  }

  private void announced(int shard, long term, String leader) {
    synchronized (lock) {
      if (term >= terms.of(shard)) {
        terms = terms.with(shard, term);
        Map<Integer, String> all = new HashMap<>(leaders);
        if (!leader.isEmpty()) {
          all.put(shard, leader);
        }
        leaders = Map.copyOf(all);
      }
    }
  }

  @Override
  public CompletableFuture<Map<Integer, String>> leaders() {
    return CompletableFuture.completedFuture(leaders);
  }

  /**
   * @param attempt zero when the oracle has to be waited for
   */
  private CompletableFuture<Long> soon(LongSupplier attempt) {
    var result = new CompletableFuture<Long>();
    attempt(attempt, result);
    if (!result.isDone()) {
      var timer =
          timers.schedule(
              WAIT_LIMIT, () -> result.completeExceptionally(TransactionErrors.noTimestamps()));
      result.whenComplete((_, _) -> timer.cancel());
    }
    return result;
  }

  private void attempt(LongSupplier attempt, CompletableFuture<Long> result) {
    try {
      long timestamp = result.isDone() ? 0 : attempt.getAsLong();
      if (timestamp != 0) {
        result.complete(timestamp);
      } else if (!result.isDone()) {
        oracle.whenReady(() -> attempt(attempt, result));
      }
    } catch (RuntimeException refused) {
      result.completeExceptionally(refused);
    }
  }
}

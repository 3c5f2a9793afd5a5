package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.Evaluated.OrdinalResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Commits mutations over several shards that need not be atomic: all parts are held first, so that
 * what can fail fails before anything is proposed; then each shard commits its part by itself
 * (design D7). From the first proposal on, no failure may say "not applied".
 */
final class NonTransactionalCommit {
  private static final int ATTEMPTS_MAX = 20;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final List<Shard> all;
  private final List<Integer> shards;
  private final Bytes transaction;
  private final Timers timers;

  /**
   * @param all shards of the database
   * @param shards that have a part
   * @param transaction names the parts
   */
  NonTransactionalCommit(List<Shard> all, List<Integer> shards, Bytes transaction, Timers timers) {
    this.all = all;
    this.shards = shards;
    this.transaction = transaction;
    this.timers = timers;
  }

  /** Goes on from where all parts are held, in the order of the shards. */
  CompletableFuture<CommitResult> run(List<Evaluated> parts) {
    var times = new ArrayList<CompletableFuture<Long>>();
    for (int shard : shards) {
      var time = new CompletableFuture<Long>();
      times.add(time);
      apply(all.get(shard), time, 1);
    }
    return CompletableFuture.allOf(times.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> answer(parts, times.stream().map(CompletableFuture::join).toList()));
  }

  /** A part that may yet be applied stays held until the log tells. */
  private void apply(Shard shard, CompletableFuture<Long> time, int attempt) {
    shard
        .apply(transaction)
        .whenComplete((timestamp, failure) -> {
          if (failure == null) {
            time.complete(timestamp);
          } else if (isUnknown(failure) || attempt == ATTEMPTS_MAX) {
            shard.release(transaction);
            time.completeExceptionally(TransactionErrors.unknownOutcome());
          } else {
            timers.schedule(PAUSE, () -> apply(shard, time, attempt + 1));
          }
        });
  }

  private static boolean isUnknown(Throwable failure) {
    return TransactionErrors.causeOf(failure) instanceof DatastoreException known
        && known.code() == Code.INTERNAL;
  }

  private static CommitResult answer(List<Evaluated> parts, List<Long> times) {
    var results = new ArrayList<OrdinalResult>();
    int indexUpdates = 0;
    long commitTime = 0;
    for (int i = 0; i < parts.size(); i++) {
      Evaluated evaluated = parts.get(i);
      results.addAll(evaluated.resultsAt(times.get(i)));
      indexUpdates += evaluated.indexUpdates();
      commitTime = Math.max(commitTime, times.get(i));
    }
    return Evaluated.answer(results, indexUpdates, commitTime);
  }
}

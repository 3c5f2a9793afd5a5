package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.StoredOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Commits a transaction over several shards: prepare every held part but the coordinator's in its
 * log, then decide and commit the coordinator's part in one entry of its log. Runs at the
 * transaction's home; the rest is {@link Resolution}'s, whoever dies.
 *
 * <p>The coordinator's part needs no intents: until the decision it is held by latches alone, and a
 * coordinator that dies before has decided nothing.
 */
final class TwoPhaseCommit {
  /** A client hears after so long that the outcome is not known. */
  private static final Duration IN_DOUBT_LIMIT = Duration.ofSeconds(5);

  /** So long the home sees to an abort; then the participants ask by themselves. */
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

  private final List<Shard> all;
  private final ShardMap map;
  private final Resolution resolution;
  private final Clock clock;
  private final Timers timers;
  private final Bytes transaction;
  private final long fingerprint;
  private final int coordinatorSlot;
  private final int coordinatorShard;
  private final List<Integer> shards;
  private final List<Integer> preparing;

  /**
   * @param all shards of the database
   * @param fingerprint of the request, kept with its answer
   * @param coordinatorSlot a slot of the shard that holds the commit's answer
   * @param shards that take part
   */
  TwoPhaseCommit(
      List<Shard> all,
      ShardMap map,
      Resolution resolution,
      Clock clock,
      Timers timers,
      Bytes transaction,
      long fingerprint,
      int coordinatorSlot,
      List<Integer> shards) {
    this.all = all;
    this.map = map;
    this.resolution = resolution;
    this.clock = clock;
    this.timers = timers;
    this.transaction = transaction;
    this.fingerprint = fingerprint;
    this.coordinatorSlot = coordinatorSlot;
    this.coordinatorShard = map.shardOf(coordinatorSlot);
    this.shards = shards;
    this.preparing = shards.stream().filter(shard -> shard != coordinatorShard).toList();
  }

  /** Goes on from where all parts are held, in the order of {@code shards}. */
  CompletableFuture<CommitResult> run(List<Evaluated> parts) {
    var prepared =
        preparing.stream()
            .map(shard -> all.get(shard).prepare(transaction, coordinatorSlot))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(prepared)
        .handle((_, failure) -> failure == null ? decide(parts) : abort())
        .thenCompose(answer -> answer);
  }

  /** Nothing was decided, and nobody but this home could: the commit is certainly not applied. */
  private CompletableFuture<CommitResult> abort() {
    settle();
    shards.forEach(shard -> all.get(shard).release(transaction));
    return CompletableFuture.failedFuture(TransactionErrors.notApplied());
  }

  private CompletableFuture<StoredOutcome> settle() {
    long end = clock.monotonicNanos() + SETTLE_LIMIT.toNanos();
    return resolution.settle(
        transaction, coordinatorSlot, shards, () -> clock.monotonicNanos() < end);
  }

  private CompletableFuture<CommitResult> decide(List<Evaluated> parts) {
    var verdict =
        new Shard.Verdict(
            transaction,
            fingerprint,
            Evaluated.whole(parts),
            preparing.size() < shards.size(),
            preparing.stream().map(map::firstSlotOf).toList());
    var answer = new CompletableFuture<CommitResult>();
    var timer =
        timers.schedule(
            IN_DOUBT_LIMIT, () -> answer.completeExceptionally(TransactionErrors.unknownOutcome()));
    var unused =
        all.get(coordinatorShard)
            .decide(verdict)
            .exceptionallyCompose(failure -> undecided(TransactionErrors.of(failure)))
            .whenComplete((result, failure) -> {
              timer.cancel();
              if (failure == null) {
                answer.complete(result);
              } else {
                answer.completeExceptionally(TransactionErrors.of(failure));
              }
            });
    return answer;
  }

  /** Where nobody knows what was decided, the coordinator's log tells. */
  private CompletableFuture<CommitResult> undecided(DatastoreException failure) {
    CompletableFuture<StoredOutcome> outcome = settle();
    all.get(coordinatorShard).release(transaction);
    return failure.code() == Code.INTERNAL
        ? outcome.handle(AnswerEncoding::answerOf)
        : CompletableFuture.failedFuture(failure);
  }
}

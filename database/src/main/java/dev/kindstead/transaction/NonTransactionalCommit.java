package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.transaction.Evaluated.OrdinalResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Commits mutations over several shards that need not be atomic: all parts are held first, so that
 * what can fail fails before anything is proposed; then each shard commits its part by itself
 * (design D7). From the first proposal on, no failure may say "not applied": a part whose answer is
 * lost, or whose leader has moved away from what it held, is committed again under the same name,
 * by which the log tells when it was there already.
 */
final class NonTransactionalCommit {
  /** Far longer than an election takes. */
  private static final int ATTEMPTS_MAX = 100;

  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Set<Code> MAY_REPEAT =
      Set.of(Code.ABORTED, Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED);

  private final List<Shard> all;
  private final List<CommitPart> parts;
  private final Bytes transaction;
  private final Supplier<Bytes> names;
  private final Duration wait;
  private final Timers timers;

  /** What became of a part. */
  private record Committed(List<OrdinalResult> results, int indexUpdates, long time) {}

  /**
   * @param all shards of the database
   * @param parts in the order of their shards
   * @param transaction names the parts as they are held
   * @param names makes others
   * @param wait for latches, when a part is committed again
   */
  NonTransactionalCommit(
      List<Shard> all,
      List<CommitPart> parts,
      Bytes transaction,
      Supplier<Bytes> names,
      Duration wait,
      Timers timers) {
    this.all = all;
    this.parts = parts;
    this.transaction = transaction;
    this.names = names;
    this.wait = wait;
    this.timers = timers;
  }

  /**
   * Goes on from where all parts are held.
   *
   * @param held of each part, what it comes to
   */
  CompletableFuture<CommitResult> run(List<Evaluated> held) {
    var commits = new ArrayList<CompletableFuture<Committed>>();
    for (int i = 0; i < parts.size(); i++) {
      commits.add(commit(parts.get(i), held.get(i)));
    }
    return CompletableFuture.allOf(commits.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> answer(commits.stream().map(CompletableFuture::join).toList()));
  }

  private CompletableFuture<Committed> commit(CommitPart part, Evaluated held) {
    return shard(part)
        .apply(transaction)
        .thenApply(time -> new Committed(held.resultsAt(time), held.indexUpdates(), time))
        .exceptionallyCompose(_ -> {
          shard(part).release(transaction);
          var committed = new CompletableFuture<Committed>();
          commitAgain(part.named(transaction), committed, 1);
          return committed;
        });
  }

  private Shard shard(CommitPart part) {
    return all.get(part.shard());
  }

  private void commitAgain(CommitPart part, CompletableFuture<Committed> committed, int attempt) {
    shard(part)
        .commit(part, wait)
        .whenComplete((result, failure) -> {
          if (failure == null) {
            committed.complete(committed(part, result));
            return;
          }
          Code code = TransactionErrors.of(failure).code();
          if (attempt == ATTEMPTS_MAX || !MAY_REPEAT.contains(code)) {
            committed.completeExceptionally(TransactionErrors.unknownOutcome());
          } else if (code == Code.ABORTED) {
            lookUp(part, committed, attempt);
          } else {
            timers.schedule(PAUSE, () -> commitAgain(part, committed, attempt + 1));
          }
        });
  }

  /** ABORTED may only mean that it waited too long, perhaps for itself: the log tells. */
  private void lookUp(CommitPart part, CompletableFuture<Committed> committed, int attempt) {
    Bytes name = Objects.requireNonNull(part.id());
    shard(part)
        .outcome(name)
        .whenComplete((outcome, failure) -> {
          if (outcome instanceof StoredOutcome.Committed) {
            committed.complete(committed(part, AnswerEncoding.answerOf(outcome)));
          } else {
            // A name whose end is in the log is used up.
            CommitPart next = failure == null ? part.named(names.get()) : part;
            timers.schedule(PAUSE, () -> commitAgain(next, committed, attempt + 1));
          }
        });
  }

  private static Committed committed(CommitPart part, CommitResult result) {
    var results = new ArrayList<OrdinalResult>();
    for (int i = 0; i < part.writes().size(); i++) {
      results.add(new OrdinalResult(part.writes().get(i).ordinal(), result.results().get(i)));
    }
    return new Committed(results, result.indexUpdates(), result.commitTime());
  }

  private static CommitResult answer(List<Committed> all) {
    var results = new ArrayList<OrdinalResult>();
    int indexUpdates = 0;
    long commitTime = 0;
    for (Committed part : all) {
      results.addAll(part.results());
      indexUpdates += part.indexUpdates();
      commitTime = Math.max(commitTime, part.time());
    }
    return Evaluated.answer(results, indexUpdates, commitTime);
  }
}

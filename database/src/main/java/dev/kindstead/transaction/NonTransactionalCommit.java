package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
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

  private final List<Participant> participants;
  private final List<Integer> shards;
  private final Timers timers;

  NonTransactionalCommit(List<Participant> participants, List<Integer> shards, Timers timers) {
    this.participants = participants;
    this.shards = shards;
    this.timers = timers;
  }

  /** Goes on from where all parts are held, in the order of the shards. */
  CompletableFuture<CommitResult> run(List<HeldPart> parts) {
    var times = new ArrayList<CompletableFuture<Long>>();
    for (int i = 0; i < parts.size(); i++) {
      var time = new CompletableFuture<Long>();
      times.add(time);
      apply(participants.get(shards.get(i)), parts.get(i), time, 1);
    }
    return CompletableFuture.allOf(times.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> answer(parts, times.stream().map(CompletableFuture::join).toList()));
  }

  private void apply(
      Participant participant, HeldPart part, CompletableFuture<Long> time, int attempt) {
    var step = new ApplyHeldStep(participant, part);
    step.result()
        .whenComplete((timestamp, failure) -> {
          if (failure == null) {
            time.complete(timestamp);
          } else if (isUnknown(failure) || attempt == ATTEMPTS_MAX) {
            giveUp(participant, part, failure);
            time.completeExceptionally(TransactionErrors.unknownOutcome());
          } else {
            timers.schedule(PAUSE, () -> apply(participant, part, time, attempt + 1));
          }
        });
    participant.submit(step);
  }

  /** A part that may yet be applied stays held until the log tells. */
  private static void giveUp(Participant participant, HeldPart part, Throwable failure) {
    if (!isUnknown(failure)) {
      participant.releaseLater(part);
    }
  }

  private static boolean isUnknown(Throwable failure) {
    return failure instanceof DatastoreException known && known.code() == Code.INTERNAL;
  }

  private static CommitResult answer(List<HeldPart> parts, List<Long> times) {
    var results = new ArrayList<OrdinalResult>();
    int indexUpdates = 0;
    long commitTime = 0;
    for (int i = 0; i < parts.size(); i++) {
      Evaluated evaluated = parts.get(i).evaluated();
      results.addAll(evaluated.resultsAt(times.get(i)));
      indexUpdates += evaluated.indexUpdates();
      commitTime = Math.max(commitTime, times.get(i));
    }
    return Evaluated.answer(results, indexUpdates, commitTime);
  }
}

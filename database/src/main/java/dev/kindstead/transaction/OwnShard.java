package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A shard that this node leads: what is asked becomes a {@link Step}. Thread-safe. */
final class OwnShard implements Shard {
  /** A reader waits this long for commits in progress. */
  static final Duration PASS_LIMIT = Duration.ofSeconds(10);

  /**
   * Work on indexes waits this long for commits in progress: less than another node waits for the
   * answer, so that nothing piles up of what it asks again.
   */
  private static final Duration INDEX_WORK_LIMIT = Duration.ofSeconds(4);

  private final Participant participant;
  private final Evaluation evaluation;
  private final Guests guests;
  private final Timers timers;
  private final Clock clock;

  OwnShard(
      Participant participant, Evaluation evaluation, Guests guests, Timers timers, Clock clock) {
    this.participant = participant;
    this.evaluation = evaluation;
    this.guests = guests;
    this.timers = timers;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitPart part, Duration wait) {
    var step = new CommitStep(participant, part, evaluation);
    participant.setDeadline(step, wait);
    participant.submit(step);
    return step.result();
  }

  @Override
  public CompletableFuture<Evaluated> hold(Bytes transaction, CommitPart part, Duration wait) {
    var step = new HoldStep(participant, transaction, part, evaluation);
    participant.setDeadline(step, wait);
    participant.submit(step);
    return step.result();
  }

  @Override
  public void release(Bytes transaction) {
    participant.held().releaseLater(transaction);
  }

  @Override
  public CompletableFuture<Void> prepare(Bytes transaction, int coordinatorSlot) {
    return submit(new PrepareStep(participant, transaction, coordinatorSlot));
  }

  @Override
  public CompletableFuture<Long> apply(Bytes transaction) {
    return submit(new ApplyHeldStep(participant, transaction));
  }

  @Override
  public CompletableFuture<CommitResult> decide(Verdict verdict) {
    return submit(new DecideStep(participant, verdict));
  }

  @Override
  public CompletableFuture<StoredOutcome> outcome(Bytes transaction) {
    return submit(new AbortRecordStep(participant, transaction));
  }

  @Override
  public CompletableFuture<Void> resolve(Bytes transaction, long commitTime) {
    return submit(new ResolveStep(participant, transaction, commitTime));
  }

  @Override
  public CompletableFuture<Void> put(Command housekeeping) {
    return submit(new CommandStep(housekeeping));
  }

  @Override
  public CompletableFuture<Void> index(Command change) {
    return submit(new IndexStep(participant, change));
  }

  @Override
  public CompletableFuture<Integer> enter(IndexRecord index, List<Bytes> entities) {
    return submitWork(new IndexEntriesStep(participant, index, entities));
  }

  @Override
  public CompletableFuture<Void> removeEntries(List<Bytes> entries) {
    return submitWork(new RemoveEntriesStep(participant, entries));
  }

  @Override
  public CompletableFuture<Void> settle() {
    var settled = new CompletableFuture<Void>();
    var timer =
        timers.schedule(
            PASS_LIMIT, () -> settled.completeExceptionally(TransactionErrors.notLed()));
    settled.whenComplete((_, _) -> timer.cancel());
    CompletableFuture.supplyAsync(this::heldHere, participant.executor())
        .thenCompose(held -> {
          settled.whenComplete((_, _) -> held.forEach(each -> each.cancel(false)));
          return CompletableFuture.allOf(held.toArray(CompletableFuture<?>[]::new));
        })
        // What a replica that does not lead holds may never end, and is not what counts.
        .thenAccept(_ -> participant.passage(0, 0, List.of()))
        .whenComplete((_, failure) -> {
          if (failure == null) {
            settled.complete(null);
          } else {
            settled.completeExceptionally(TransactionErrors.of(failure));
          }
        });
    return settled;
  }

  private List<CompletableFuture<Void>> heldHere() {
    participant.passage(0, 0, List.of());
    return participant.held().ends();
  }

  @Override
  public CompletableFuture<Long> pass(long micros, long term, long applied, List<Bytes> keys) {
    return Opening.attempt(() -> participant.passage(micros, term, keys), timers, PASS_LIMIT)
        .thenApply(_ -> {
          long logIndex = participant.appliedLogIndex();
          if (applied < logIndex) {
            participant.tellCommitted();
          }
          return logIndex;
        });
  }

  /** One key after the other; whoever waits holds the ones before. */
  @Override
  public CompletableFuture<Void> lock(LockOwner owner, List<Bytes> keys, Duration wait) {
    long end = clock.monotonicNanos() + wait.toNanos();
    CompletableFuture<Void> locked = CompletableFuture.completedFuture(null);
    for (Bytes key : keys) {
      locked = locked.thenCompose(_ -> lock(owner, key, end));
    }
    return locked;
  }

  private CompletableFuture<Void> lock(LockOwner owner, Bytes key, long endNanos) {
    var left = Duration.ofNanos(Math.max(0, endNanos - clock.monotonicNanos()));
    return new LockWait(participant, participant.shard(), key, owner, timers).run(left);
  }

  @Override
  public void keep(List<TransactionId> transactions) {
    guests.keep(transactions);
  }

  @Override
  public void end(TransactionId transaction) {
    guests.end(transaction);
  }

  private <T> CompletableFuture<T> submitWork(AnsweredStep<T> step) {
    participant.setDeadline(step, INDEX_WORK_LIMIT);
    return submit(step);
  }

  private <T> CompletableFuture<T> submit(AnsweredStep<T> step) {
    participant.submit(step);
    return step.result();
  }
}

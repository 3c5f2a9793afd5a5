package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A shard wherever it is led now: here, or by another node. A commit whose answer was lost is
 * looked up by its id.
 *
 * <p>Thread-safe.
 */
final class NodeShard implements Shard {
  /** For so long the outcome of a commit is looked for, before it counts as unknown. */
  static final Duration LOOK_UP_LIMIT = Duration.ofSeconds(5);

  private final Participant participant;
  private final ShardLeaders leaders;
  private final Shard own;
  private final Shard asked;
  private final TransactionIds ids;
  private final Repeating repeating;
  private final Clock clock;

  NodeShard(
      Participant participant,
      ShardLeaders leaders,
      Shard own,
      Shard asked,
      TransactionIds ids,
      Repeating repeating,
      Clock clock) {
    this.participant = participant;
    this.leaders = leaders;
    this.own = own;
    this.asked = asked;
    this.ids = ids;
    this.repeating = repeating;
    this.clock = clock;
  }

  private Shard now() {
    return participant.leads() || leaders.of(participant.shard()).isEmpty() ? own : asked;
  }

  /** The same, for what leaves a stand-in of an open transaction there. */
  private Shard now(@Nullable LockOwner owner) {
    Shard shard = now();
    if (shard == asked && owner instanceof LiveTransaction live) {
      live.addGuesthouse(participant.shard());
    }
    return shard;
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitPart part, Duration wait) {
    Shard shard = now(part.owner());
    if (shard == own) {
      return own.commit(part, wait);
    }
    Bytes known = part.id();
    Bytes id = known == null ? ids.mint(part.age(), part.age(), false).bytes() : known;
    return asked
        .commit(part.named(id), wait)
        .exceptionallyCompose(failure ->
            TransactionErrors.of(failure).code() == Code.INTERNAL
                ? lookedUp(id)
                : CompletableFuture.failedFuture(failure));
  }

  private CompletableFuture<CommitResult> lookedUp(Bytes transaction) {
    long end = clock.monotonicNanos() + LOOK_UP_LIMIT.toNanos();
    return repeating
        .until(() -> outcome(transaction), () -> clock.monotonicNanos() < end)
        .handle(AnswerEncoding::answerOf);
  }

  @Override
  public CompletableFuture<Evaluated> hold(Bytes transaction, CommitPart part, Duration wait) {
    return now(part.owner()).hold(transaction, part, wait);
  }

  @Override
  public void release(Bytes transaction) {
    now().release(transaction);
  }

  @Override
  public CompletableFuture<Void> prepare(Bytes transaction, int coordinatorSlot) {
    return now().prepare(transaction, coordinatorSlot);
  }

  @Override
  public CompletableFuture<Long> apply(Bytes transaction) {
    return now().apply(transaction);
  }

  @Override
  public CompletableFuture<CommitResult> decide(Verdict verdict) {
    return now().decide(verdict);
  }

  @Override
  public CompletableFuture<StoredOutcome> outcome(Bytes transaction) {
    return now().outcome(transaction);
  }

  @Override
  public CompletableFuture<Void> resolve(Bytes transaction, long commitTime) {
    return now().resolve(transaction, commitTime);
  }

  @Override
  public CompletableFuture<Void> put(Command housekeeping) {
    return now().put(housekeeping);
  }

  @Override
  public CompletableFuture<Void> index(Command change) {
    return now().index(change);
  }

  @Override
  public CompletableFuture<Integer> enter(IndexRecord index, List<Bytes> entities) {
    return now().enter(index, entities);
  }

  @Override
  public CompletableFuture<Void> removeEntries(List<Bytes> entries) {
    return now().removeEntries(entries);
  }

  @Override
  public CompletableFuture<Void> settle() {
    return now().settle();
  }

  @Override
  public CompletableFuture<Long> pass(long micros, long term, long applied, List<Bytes> keys) {
    return now().pass(micros, term, applied, keys);
  }

  @Override
  public CompletableFuture<Void> lock(LockOwner owner, List<Bytes> keys, Duration wait) {
    return now(owner).lock(owner, keys, wait);
  }

  @Override
  public void keep(List<TransactionId> transactions) {
    now().keep(transactions);
  }

  @Override
  public void end(TransactionId transaction) {
    now().end(transaction);
  }
}

package dev.kindstead.transaction;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.StoredOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A shard that another node leads: it is asked over the network. Thread-safe.
 *
 * <p>A question that was certainly not heard fails as not served; one whose answer was lost fails
 * with INTERNAL where it may have changed what a client sees, else as not served, too: it is
 * repeated.
 */
final class AskedShard implements Shard {
  /** A leader that does not answer for so long is taken for lost. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final int shard;
  private final ShardLeaders leaders;
  private final Network network;
  private final Passes passes;

  AskedShard(int shard, ShardLeaders leaders, Network network, Clock clock, Timers timers) {
    this.shard = shard;
    this.leaders = leaders;
    this.network = network;
    passes = new Passes(this::ask, clock, timers);
  }

  @Override
  public CompletableFuture<CommitResult> commit(CommitPart part, Duration wait) {
    return changing(new ShardQuestion.Commit(part, wait), AskedShard::result);
  }

  @Override
  public CompletableFuture<Evaluated> hold(Bytes transaction, CommitPart part, Duration wait) {
    return asking(new ShardQuestion.Hold(transaction, part, wait), PartEncoding::readEvaluated);
  }

  @Override
  public void release(Bytes transaction) {
    tell(new ShardQuestion.Release(transaction));
  }

  @Override
  public CompletableFuture<Void> prepare(Bytes transaction, int coordinatorSlot) {
    return changing(new ShardQuestion.Prepare(transaction, coordinatorSlot), AskedShard::nothing);
  }

  @Override
  public CompletableFuture<Long> apply(Bytes transaction) {
    return changing(new ShardQuestion.Apply(transaction), EntryReader::readVarint);
  }

  @Override
  public CompletableFuture<CommitResult> decide(Verdict verdict) {
    return changing(new ShardQuestion.Decide(verdict), AskedShard::result);
  }

  @Override
  public CompletableFuture<StoredOutcome> outcome(Bytes transaction) {
    return asking(
        new ShardQuestion.Outcome(transaction), from -> StoredOutcome.decode(from.readByteArray()));
  }

  @Override
  public CompletableFuture<Void> resolve(Bytes transaction, long commitTime) {
    return asking(new ShardQuestion.Resolve(transaction, commitTime), AskedShard::nothing);
  }

  @Override
  public CompletableFuture<Void> put(Command housekeeping) {
    return asking(new ShardQuestion.Put(housekeeping), AskedShard::nothing);
  }

  @Override
  public CompletableFuture<Void> index(Command change) {
    return asking(new ShardQuestion.Index(change), AskedShard::nothing);
  }

  @Override
  public CompletableFuture<Integer> enter(IndexRecord index, List<Bytes> entities) {
    return asking(new ShardQuestion.Enter(index, entities), EntryReader::readInt);
  }

  @Override
  public CompletableFuture<Void> removeEntries(List<Bytes> entries) {
    return asking(new ShardQuestion.RemoveEntries(entries), AskedShard::nothing);
  }

  @Override
  public CompletableFuture<Void> settle() {
    return asking(new ShardQuestion.Settle(), AskedShard::nothing);
  }

  @Override
  public CompletableFuture<Long> pass(long micros, long term, long applied, List<Bytes> keys) {
    var wish = new ShardQuestion.Pass(micros, term, applied, keys);
    // A reader of all would have those of keys wait for all, too.
    return keys.isEmpty() ? ask(wish) : passes.pass(wish);
  }

  private CompletableFuture<Long> ask(ShardQuestion.Pass wish) {
    return asking(wish, EntryReader::readVarint);
  }

  @Override
  public CompletableFuture<Void> lock(LockOwner owner, List<Bytes> keys, Duration wait) {
    return asking(new ShardQuestion.Lock(owner.id(), keys, wait), AskedShard::nothing);
  }

  @Override
  public void keep(List<TransactionId> transactions) {
    tell(new ShardQuestion.Keep(transactions));
  }

  @Override
  public void end(TransactionId transaction) {
    tell(new ShardQuestion.End(transaction));
  }

  private static CommitResult result(EntryReader from) {
    return AnswerEncoding.decode(from.readByteArray()).result();
  }

  @SuppressWarnings("NullAway") // Void has no other value
  private static Void nothing(EntryReader from) {
    return null;
  }

  private void tell(ShardQuestion question) {
    var unused = asking(question, AskedShard::nothing);
  }

  private <T> CompletableFuture<T> asking(
      ShardQuestion question, Function<EntryReader, T> reading) {
    return ask(question, reading, TransactionErrors::notLed);
  }

  private <T> CompletableFuture<T> changing(
      ShardQuestion question, Function<EntryReader, T> reading) {
    return ask(question, reading, TransactionErrors::unknownOutcome);
  }

  private <T> CompletableFuture<T> ask(
      ShardQuestion question, Function<EntryReader, T> reading, Supplier<DatastoreException> lost) {
    return leaders
        .of(shard)
        .map(node ->
            network.call(node, Network.Service.SHARDS, question.encode(shard), ANSWER_LIMIT))
        .orElseGet(() -> CompletableFuture.failedFuture(TransactionErrors.notLed()))
        .handle((bytes, failure) -> {
          if (failure == null) {
            return read(bytes, reading, lost);
          }
          leaders.doubt(shard);
          throw Waiting.causeOf(failure) instanceof Network.AnswerLost
              ? lost.get()
              : TransactionErrors.notLed();
        });
  }

  /** An answer that cannot be read, as another version's, tells as much as a lost one. */
  private <T> T read(
      byte[] bytes, Function<EntryReader, T> reading, Supplier<DatastoreException> lost) {
    try {
      return reading.apply(ShardAnswer.read(bytes));
    } catch (CorruptBytesException e) {
      throw lost.get();
    } catch (NotServedException e) {
      leaders.doubt(shard);
      throw e;
    }
  }
}

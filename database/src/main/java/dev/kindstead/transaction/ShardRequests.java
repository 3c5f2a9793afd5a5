package dev.kindstead.transaction;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.environment.Network;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.EntryWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Answers what other nodes ask of the shards that this one leads, and of its transactions.
 *
 * <p>Thread-safe; nothing blocks.
 *
 * <p><b>Invariant.</b> A question is refused only when nothing of it is done or will be.
 */
final class ShardRequests implements Network.Handler {
  private final List<Shard> own;
  private final Guests guests;
  private final Consumer<TransactionId> wounded;

  /**
   * @param own each shard, as if it were led here
   * @param wounded a transaction of this node has lost against an older one
   */
  ShardRequests(List<Shard> own, Guests guests, Consumer<TransactionId> wounded) {
    this.own = List.copyOf(own);
    this.guests = guests;
    this.wounded = wounded;
  }

  @Override
  public CompletableFuture<byte[]> handle(String from, byte[] request) {
    try {
      ShardQuestion.About about = ShardQuestion.about(request);
      if (about.shard() < 0 || about.shard() >= own.size()) {
        throw new CorruptBytesException("there is no shard " + about.shard());
      }
      Shard shard = own.get(about.shard());
      ShardQuestion question = ShardQuestion.read(about, id -> guests.of(id, from));
      return answer(shard, question, from)
          .handle((answer, failure) ->
              failure == null ? ShardAnswer.done(answer) : ShardAnswer.failed(failure));
    } catch (CorruptBytesException otherVersion) {
      return CompletableFuture.failedFuture(otherVersion);
    } catch (DatastoreException refused) {
      return CompletableFuture.completedFuture(ShardAnswer.failed(refused));
    }
  }

  @Override
  public CompletableFuture<Void> disconnected(String from) {
    guests.leave(from);
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<byte[]> answer(Shard shard, ShardQuestion question, String from) {
    return switch (question) {
      case ShardQuestion.Commit(var part, var limit) ->
          shard.commit(part, limit).thenApply(ShardRequests::bytes);
      case ShardQuestion.Hold(var transaction, var part, var limit) ->
          shard.hold(transaction, part, limit).thenApply(ShardRequests::bytes);
      case ShardQuestion.Release(var transaction) -> done(() -> shard.release(transaction));
      case ShardQuestion.Prepare(var transaction, var slot) ->
          nothing(shard.prepare(transaction, slot));
      case ShardQuestion.Apply(var transaction) -> number(shard.apply(transaction));
      case ShardQuestion.Decide(var verdict) ->
          shard.decide(verdict).thenApply(ShardRequests::bytes);
      case ShardQuestion.Outcome(var transaction) ->
          shard
              .outcome(transaction)
              .thenApply(outcome -> new EntryWriter(64).writeBytes(outcome.encode()).toBytes());
      case ShardQuestion.Resolve(var transaction, var commitTime) ->
          nothing(shard.resolve(transaction, commitTime));
      case ShardQuestion.Put(var command) -> nothing(shard.put(command));
      case ShardQuestion.Index(var command) -> nothing(shard.index(command));
      case ShardQuestion.Enter(var index, var entities) ->
          number(shard.enter(index, entities).thenApply(Integer::longValue));
      case ShardQuestion.RemoveEntries(var entries) -> nothing(shard.removeEntries(entries));
      case ShardQuestion.Settle() -> nothing(shard.settle());
      case ShardQuestion.Pass(var micros, var term, var applied, var keys) ->
          number(shard.pass(micros, term, applied, keys));
      case ShardQuestion.Lock(var transaction, var keys, var limit) ->
          nothing(shard.lock(guests.of(transaction, from), keys, limit));
      case ShardQuestion.Keep(var transactions) -> done(() -> shard.keep(transactions));
      case ShardQuestion.End(var transaction) -> done(() -> shard.end(transaction));
      case ShardQuestion.Wound(var transaction) -> done(() -> wounded.accept(transaction));
    };
  }

  private static byte[] bytes(CommitResult result) {
    byte[] encoded = AnswerEncoding.encode(result, 0);
    return new EntryWriter(encoded.length + 4).writeBytes(encoded).toBytes();
  }

  private static byte[] bytes(Evaluated evaluated) {
    var to = new EntryWriter(128);
    PartEncoding.write(to, evaluated);
    return to.toBytes();
  }

  private static CompletableFuture<byte[]> number(CompletableFuture<Long> number) {
    return number.thenApply(value -> new EntryWriter(16).writeVarint(value).toBytes());
  }

  private static CompletableFuture<byte[]> nothing(CompletableFuture<Void> done) {
    return done.thenApply(_ -> new byte[0]);
  }

  private static CompletableFuture<byte[]> done(Runnable task) {
    task.run();
    return CompletableFuture.completedFuture(new byte[0]);
  }
}

package dev.kindstead.transaction;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A shard as seen by whoever commits over shards: its leader does what is asked here, and knows a
 * commit's part again by the transaction's id.
 *
 * <p>Futures end with UNAVAILABLE or ABORTED when what was asked certainly is not done, and with
 * INTERNAL when nobody knows.
 *
 * <p>Thread-safe; nothing blocks.
 */
interface Shard {
  /**
   * Commits what touches this shard alone.
   *
   * @param wait for latches and locks, before it is ABORTED
   */
  CompletableFuture<CommitResult> commit(CommitPart part, Duration wait);

  /**
   * Latches, validates and evaluates a part, and keeps it so until it is told what becomes of it.
   *
   * @param transaction names the part from now on
   * @return what it comes to, without the changes
   */
  CompletableFuture<Evaluated> hold(Bytes transaction, CommitPart part, Duration wait);

  /** Lets go of a held part of which nothing was proposed; of others, nothing happens. */
  void release(Bytes transaction);

  /** Puts a held part into the log: it will commit whenever it is told to. */
  CompletableFuture<Void> prepare(Bytes transaction, int coordinatorSlot);

  /** Commits a held part by itself; ends with its timestamp. */
  CompletableFuture<Long> apply(Bytes transaction);

  /** Decides a commit whose other parts are all prepared, and commits the part held here. */
  CompletableFuture<CommitResult> decide(Verdict verdict);

  /** What became of a transaction; if nothing did, sees that nothing ever will. */
  CompletableFuture<StoredOutcome> outcome(Bytes transaction);

  /**
   * Tells what was decided elsewhere; a repetition does no harm.
   *
   * @param commitTime microseconds, zero for an abort
   */
  CompletableFuture<Void> resolve(Bytes transaction, long commitTime);

  /** Puts housekeeping into the log. */
  CompletableFuture<Void> put(Command housekeeping);

  /** Changes what indexes the shard's commits maintain. */
  CompletableFuture<Void> index(Command change);

  /**
   * Enters entities into an index that is being built, as they stand.
   *
   * @param index with the progress that is reached then
   * @param entities all of them or none; RESOURCE_EXHAUSTED when they are too many at a time
   * @return how many entries were missing
   */
  CompletableFuture<Integer> enter(IndexRecord index, List<Bytes> entities);

  /** Removes entries of an index that is not maintained any more. */
  CompletableFuture<Void> removeEntries(List<Bytes> entries);

  /** Ends when all parts that are held now are let go of. */
  CompletableFuture<Void> settle();

  /**
   * Ends when nothing commits any more at or below a time on what is read.
   *
   * @param term the leader's, at the least: an earlier one can't tell
   * @param applied how far the replica is that is to be read: one that is behind is helped on
   * @param keys of entities; none for all of the shard
   * @return a log index: whoever has applied it reads at the time what the leader would
   */
  CompletableFuture<Long> pass(long micros, long term, long applied, List<Bytes> keys);

  /** Has a transaction lock entities it is about to read; ABORTED when it can't. */
  CompletableFuture<Void> lock(LockOwner owner, List<Bytes> keys, Duration wait);

  /** Transactions of other nodes are not over. */
  void keep(List<TransactionId> transactions);

  /** A transaction of another node is over; its locks go. */
  void end(TransactionId transaction);

  /**
   * What a coordinator is to decide.
   *
   * @param fingerprint of the request, kept with the answer
   * @param whole results of all parts
   * @param takesPart whether a part is held by the coordinator's shard
   * @param preparedSlots one slot of each shard that has prepared its part
   */
  record Verdict(
      Bytes transaction,
      long fingerprint,
      Evaluated whole,
      boolean takesPart,
      List<Integer> preparedSlots) {}
}

package dev.kindstead.replication;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What enters a replicated log, ready-made by the leader; replicas only apply it (design D4).
 *
 * <p>The changes carry no timestamps of their own: an update time of zero, and a create time of
 * zero for a new entity, stand for the timestamp of the commit that makes them.
 */
public sealed interface Command {

  /**
   * Changes that commit on this shard alone.
   *
   * @param transaction whose answer is stored with the changes, null for none
   * @param answer opaque; empty without a transaction
   */
  record ApplyCommit(
      long timestamp, @Nullable Bytes transaction, byte[] answer, List<Change> changes)
      implements Command {}

  /**
   * This shard's part of a transaction over several shards: changes as intents, and what the
   * transaction read as locks, until its {@link Resolve}.
   *
   * @param coordinatorSlot the outcome is decided in the log of the shard that owns this slot
   * @param prepareTime the commit's timestamp will be greater
   */
  record Prepare(
      Bytes transaction,
      int coordinatorSlot,
      long prepareTime,
      List<Change> changes,
      List<Bytes> readKeys,
      List<ReadRange> readRanges)
      implements Command {}

  /** A range of CURRENT or INDEX that a transaction read: [from, until), empty means no bound. */
  record ReadRange(Space space, byte[] from, byte[] until) {}

  /**
   * The commit point of a transaction over several shards; only in its coordinator's log.
   *
   * @param participantSlots one slot of each shard that prepared it
   */
  record Decide(Bytes transaction, long commitTime, byte[] answer, List<Integer> participantSlots)
      implements Command {}

  /**
   * Ends a prepared transaction on this shard as its coordinator decided.
   *
   * @param commitTime zero when it was aborted
   */
  record Resolve(Bytes transaction, long commitTime) implements Command {}

  /** The transaction never commits; only in the log that any commit of it must consult. */
  record AbortRecord(Bytes transaction) implements Command {}

  /** Every participant has applied the transaction's outcome: its decision is no longer needed. */
  record Forget(Bytes transaction) implements Command {}

  /** Snapshots below the threshold end; what only they could read may go. */
  record CollectGarbage(long threshold) implements Command {}

  /** Removes the answers of transactions whose ids are below {@code until}, in unsigned order. */
  record DropOutcomes(Bytes until) implements Command {}

  /** System group: the oracle may hand out timestamps below {@code upTo}. */
  record TimestampBound(long upTo) implements Command {}

  /**
   * System group: the oracle hands out no more timestamps, so its lease ends at once.
   *
   * @param transactions open ones, for the next home to go on with; opaque
   */
  record ReleaseLease(byte[] transactions) implements Command {}

  /** System group: the counters of ids below {@code upTo} may be handed out. */
  record IdBlock(long upTo) implements Command {}

  /** System group: counters of ids that must never be handed out. */
  record ReserveIds(List<Long> counters) implements Command {}

  /** System group: the node never takes part in the cluster again. */
  record RemoveNode(String nodeId) implements Command {}

  /**
   * System group: a shard has a leader in this term. It leads only once this is applied, so whoever
   * is told a timestamp and the terms that hold then knows which leaders can't answer for it.
   *
   * @param term zero when the terms before count no more, because their majority is gone for good
   * @param leader the node that has the replica, empty where that was not noted
   */
  record ShardTerm(int shard, long term, String leader) implements Command {}

  /**
   * System group: a node of the cluster, as the node that serves knows it: replicas are placed on
   * all that are not away.
   *
   * @param isAway whether it has not been heard of for so long that its replicas are rebuilt
   */
  record PutNode(String nodeId, NodePlace place, boolean isAway) implements Command {}

  /** System group: a database's settings. */
  record DatabaseSettings(DatabaseId database, ConcurrencyMode mode) implements Command {}

  /**
   * A composite index as it stands from here on. In the system group, of the whole index; in a
   * shard's, what the shard's commits maintain and how far its entries are.
   */
  record PutIndex(IndexRecord index) implements Command {}

  /** The index with this number is gone, all its entries before it. */
  record DropIndex(long id) implements Command {}

  /** Removes all entities, intents and outcomes of this shard. */
  record Reset() implements Command {}
}

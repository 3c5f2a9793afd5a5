package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Invariant;
import dev.kindstead.replication.Command.AbortRecord;
import dev.kindstead.replication.Command.ApplyCommit;
import dev.kindstead.replication.Command.CollectGarbage;
import dev.kindstead.replication.Command.DatabaseSettings;
import dev.kindstead.replication.Command.Decide;
import dev.kindstead.replication.Command.DropIndex;
import dev.kindstead.replication.Command.DropOutcomes;
import dev.kindstead.replication.Command.Forget;
import dev.kindstead.replication.Command.IdBlock;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.PutIndex;
import dev.kindstead.replication.Command.PutNode;
import dev.kindstead.replication.Command.ReleaseLease;
import dev.kindstead.replication.Command.RemoveNode;
import dev.kindstead.replication.Command.ReserveIds;
import dev.kindstead.replication.Command.Reset;
import dev.kindstead.replication.Command.Resolve;
import dev.kindstead.replication.Command.ShardTerm;
import dev.kindstead.replication.Command.TimestampBound;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What each command writes. Confined to the applying thread, but for {@link #hasDropped}.
 *
 * <p><b>Invariant.</b> {@link #prepared}, the bound, the block and the terms mirror what is in the
 * store, or is staged.
 */
final class CommandStaging {
  private record Commit(long timestamp, List<Change> changes) {}

  private final VersionedStore store;
  private final Map<Bytes, Prepare> prepared = new LinkedHashMap<>();
  private final Map<Integer, Long> shardTerms = new HashMap<>();
  private final List<Commit> staged = new ArrayList<>();
  private long timestampBound;
  private long idBlock;

  /** Published before the outcomes go. */
  private volatile Bytes outcomesDropped = Bytes.EMPTY;

  CommandStaging(VersionedStore store) {
    this.store = store;
    load();
  }

  /** Reads what the store holds, which may have been replaced. */
  void load() {
    prepared.clear();
    staged.clear();
    timestampBound = StoredState.timestampBound(store.store());
    idBlock = StoredState.idBlock(store.store());
    outcomesDropped = StoredState.outcomesDropped(store.store());
    shardTerms.clear();
    shardTerms.putAll(StoredState.shardTerms(store.store()));
    for (Prepare prepare : StoredState.prepared(store.store())) {
      prepared.put(prepare.transaction(), prepare);
    }
  }

  /** See {@link Replica#hasDropped}. */
  boolean hasDropped(Bytes transaction) {
    return transaction.compareTo(outcomesDropped) < 0;
  }

  List<Prepare> prepared() {
    return List.copyOf(prepared.values());
  }

  void stage(WriteSet writes, Command command) {
    switch (command) {
      case ApplyCommit(var timestamp, var transaction, var answer, var changes) -> {
        stageChanges(writes, timestamp, changes);
        if (transaction != null) {
          var committed = new StoredOutcome.Committed(timestamp, answer);
          writes.put(Space.TRANSACTION, StateKeys.outcome(transaction), committed.encode());
        }
      }
      case Prepare prepare -> {
        byte[] key = StateKeys.prepared(prepare.transaction());
        writes.put(Space.TRANSACTION, key, StoredState.encodePrepared(prepare));
        prepared.put(prepare.transaction(), prepare);
      }
      case Decide(var transaction, var commitTime, var answer, var participantSlots) -> {
        var committed = new StoredOutcome.Committed(commitTime, answer);
        writes.put(Space.TRANSACTION, StateKeys.outcome(transaction), committed.encode());
        byte[] decision = StoredState.encodeDecision(commitTime, participantSlots);
        writes.put(Space.TRANSACTION, StateKeys.decision(transaction), decision);
      }
      case Resolve resolve -> stageResolve(writes, resolve);
      case AbortRecord(var transaction) ->
          writes.put(
              Space.TRANSACTION,
              StateKeys.outcome(transaction),
              new StoredOutcome.Aborted().encode());
      case Forget(var transaction) ->
          writes.delete(Space.TRANSACTION, StateKeys.decision(transaction));
      case CollectGarbage(var threshold) -> store.stageCollection(writes, threshold);
      case DropOutcomes(var until) -> {
        if (until.compareTo(outcomesDropped) > 0) {
          outcomesDropped = until;
          writes.put(Space.META, StateKeys.OUTCOMES_DROPPED, StoredState.encodeDropped(until));
        }
        writes.deleteRange(Space.TRANSACTION, StateKeys.OUTCOMES, StateKeys.outcome(until));
      }
      case TimestampBound(var upTo) -> {
        timestampBound = raised(writes, StateKeys.TIMESTAMP_BOUND, timestampBound, upTo);
        writes.delete(Space.META, StateKeys.LEASE_RELEASED);
      }
      case ReleaseLease(var transactions) ->
          writes.put(Space.META, StateKeys.LEASE_RELEASED, transactions);
      case RemoveNode(var nodeId) ->
          writes.put(Space.META, StateKeys.removedNode(nodeId), StoredState.encodeNumber(1));
      case PutNode(var nodeId, var place, var isAway) ->
          writes.put(Space.META, StateKeys.node(nodeId), StoredState.encodeNode(place, isAway));
      case ShardTerm(var shard, var term, var leader) -> {
        if (term == 0) {
          shardTerms.remove(shard);
          writes.delete(Space.META, StateKeys.shardTerm(shard));
        } else if (term > shardTerms.getOrDefault(shard, 0L)) {
          shardTerms.put(shard, term);
          writes.put(Space.META, StateKeys.shardTerm(shard), StoredState.encodeTerm(term, leader));
        }
      }
      case IdBlock(var upTo) -> idBlock = raised(writes, StateKeys.ID_BLOCK, idBlock, upTo);
      case ReserveIds(var counters) ->
          counters.forEach(counter ->
              writes.put(
                  Space.TRANSACTION, StateKeys.reservedId(counter), StoredState.encodeNumber(0)));
      case DatabaseSettings(var database, var mode) ->
          writes.put(Space.META, StateKeys.database(database), StoredState.encodeMode(mode));
      case PutIndex(var index) ->
          writes.put(Space.META, StateKeys.index(index.id()), StoredState.encodeIndex(index));
      case DropIndex(var id) -> writes.delete(Space.META, StateKeys.index(id));
      case Reset() -> stageReset(writes);
    }
  }

  /**
   * What may have been handed out below a number was: one that is proposed again, and comes after a
   * greater one, takes nothing back.
   */
  private static long raised(WriteSet writes, byte[] key, long before, long upTo) {
    if (upTo <= before) {
      return before;
    }
    writes.put(Space.META, key, StoredState.encodeNumber(upTo));
    return upTo;
  }

  private void stageResolve(WriteSet writes, Resolve resolve) {
    Prepare prepare = prepared.remove(resolve.transaction());
    if (prepare == null) {
      return; // resolved before: whoever repeats a resolution can't know
    }
    writes.delete(Space.TRANSACTION, StateKeys.prepared(resolve.transaction()));
    if (resolve.commitTime() != 0) {
      Invariant.check(
          resolve.commitTime() > prepare.prepareTime(), "a commit is later than its prepare");
      stageChanges(writes, resolve.commitTime(), prepare.changes());
    }
  }

  private void stageChanges(WriteSet writes, long timestamp, List<Change> changes) {
    var stamped = new ArrayList<Change>(changes.size());
    for (Change change : changes) {
      stamped.add(stamp(change, timestamp));
    }
    store.stage(writes, timestamp, stamped);
    staged.add(new Commit(timestamp, stamped));
  }

  private static Change stamp(Change change, long timestamp) {
    if (change instanceof Change.PutEntity put) {
      EntityRow row = put.row();
      long createTime = row.createTime() == 0 ? timestamp : row.createTime();
      var stamped = new EntityRow(row.entity(), row.slot(), createTime, timestamp);
      return new Change.PutEntity(put.key(), stamped, put.before(), put.isNew());
    }
    return change;
  }

  private void stageReset(WriteSet writes) {
    store.stageReset(writes);
    // Ids stay reserved: what was handed out once is never handed out again.
    writes.deleteRange(Space.TRANSACTION, new byte[0], StateKeys.RESERVED_IDS);
    prepared.clear();
  }

  /** To be called once everything staged was written. */
  void written() {
    staged.forEach(commit -> store.applied(commit.timestamp(), commit.changes()));
    staged.clear();
  }
}

package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.StorageException;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WalkLimit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first half of every commit on a shard: latch what it writes, validate what it read, evaluate
 * its mutations (rules 1 and 2).
 *
 * <p>Confined to the shard's executor.
 */
final class Acquisition {
  private static final Logger LOG = LoggerFactory.getLogger(Acquisition.class);

  /**
   * Rows that one commit's validation walks when the shard's changes since its snapshot are not
   * remembered any more, while all other commits of the shard wait. What would need more counts as
   * changed: a new attempt has a younger snapshot.
   */
  static final int ROWS_WALKED_MAX = 20_000;

  private final Participant participant;
  private final CommitPart part;
  private final Step step;
  private final Evaluation evaluation;
  private @Nullable Evaluated evaluated;
  private @Nullable Holder latched;
  private final Set<Bytes> awaitedLocks = new LinkedHashSet<>();
  private final Runnable retry;

  Acquisition(Participant participant, CommitPart part, Step step, Evaluation evaluation) {
    this.participant = participant;
    this.part = part;
    this.step = step;
    this.evaluation = evaluation;
    this.retry = () -> participant.resubmitLater(step);
  }

  /** What the mutations come to, after {@link #acquire} returned READY. */
  Evaluated evaluated() {
    return Objects.requireNonNull(evaluated);
  }

  /**
   * Takes everything for {@code holder}, or nothing.
   *
   * @return READY or WAITING; a DatastoreException says why the commit fails
   */
  Step.Begun acquire(Holder holder) {
    LockOwner owner = part.owner();
    if (owner != null && owner.end() != null) {
      throw TransactionErrors.contention();
    }
    Latches latches = participant.latches();
    if (latches.isBeingWritten(part.reads())) {
      throw TransactionErrors.contention();
    }
    Holder blocker = latches.blockerOfWrites(part.writtenKeys());
    if (blocker != null) {
      return await(blocker);
    }
    if (mustWaitForLocks(owner)) {
      return Step.Begun.WAITING;
    }
    Evaluated result = validatedAndEvaluated();
    blocker = latches.blockerOfChanges(result.changes());
    if (blocker != null) {
      return await(blocker);
    }
    evaluated = result;
    latches.latch(part.writtenKeys(), holder);
    latched = holder;
    holder.changes().add(result.changes());
    stopWaiting();
    return Step.Begun.READY;
  }

  private Evaluated validatedAndEvaluated() {
    try {
      if (hasChanged(part.reads(), participant.store(), participant.indexes())) {
        throw TransactionErrors.contention();
      }
      return evaluation.evaluate(part, participant.store(), participant.indexes());
    } catch (StorageException unreadable) {
      LOG.error("a commit could not read", unreadable);
      throw unreadable.asRefusal();
    }
  }

  private Step.Begun await(Holder blocker) {
    LockOwner younger = blocker.ownerYoungerThan(part.owner());
    Step.Begun begun = step.await(blocker);
    wakeWhenEnded();
    if (younger != null) {
      participant.wound(younger);
    }
    return begun;
  }

  /** A transaction that is ended while its commit waits must let go of its other parts. */
  private void wakeWhenEnded() {
    LockOwner owner = part.owner();
    if (owner != null) {
      owner.setWake(retry);
    }
  }

  /** Ends the younger transactions that have locked what is written, and waits for the older. */
  private boolean mustWaitForLocks(@Nullable LockOwner owner) {
    LockTable locks = participant.locks();
    if (locks.size() == 0) {
      return false;
    }
    for (Bytes key : part.writtenKeys()) {
      if (owner != null) {
        for (LockOwner other : locks.others(key, owner)) {
          if (owner.isOlderThan(other)) {
            participant.wound(other);
          }
        }
      }
      if (locks.awaitRelease(key, owner, part.age(), retry)) {
        awaitedLocks.add(key);
        wakeWhenEnded();
        return true;
      }
    }
    return false;
  }

  /** Also what may have: what came to an index that is not maintained any more is in no entry. */
  private static boolean hasChanged(
      ReadPart reads, VersionedStore store, MaintainedIndexes indexes) {
    for (Map.Entry<Bytes, Long> read : reads.keys().entrySet()) {
      EntityRow row = store.current(read.getKey().array());
      if ((row == null ? 0 : row.updateTime()) != read.getValue()) {
        return true;
      }
    }
    var limit = new WalkLimit(ROWS_WALKED_MAX);
    for (ReadRange range : reads.ranges()) {
      boolean isUnmaintained = range.space() == Space.INDEX && indexes.isOfUnmaintained(range);
      if (isUnmaintained
          || store.mayHaveChangedSince(
              range.space(), range.from(), range.until(), reads.snapshot(), limit)) {
        return true;
      }
    }
    return false;
  }

  /** Lets go of the keys; of a holder for this part alone, the participant lets go. */
  void release() {
    participant.latches().unlatch(part.writtenKeys(), latched);
  }

  /** Takes back what was put into a holder that goes on without this. */
  void undo(Holder holder) {
    release();
    if (evaluated != null) {
      List<Change> changes = evaluated.changes();
      holder.changes().removeIf(other -> other == changes);
    }
  }

  /** The latches are had, or the step is over: whoever waited behind it for a lock goes on. */
  void stopWaiting() {
    awaitedLocks.forEach(key -> participant.locks().stopWaiting(key, retry));
    awaitedLocks.clear();
  }
}

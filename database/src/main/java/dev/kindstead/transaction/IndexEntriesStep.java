package dev.kindstead.transaction;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.VersionedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Enters a few entities into an index that is being built, as they stand while their latches are
 * held, and notes how far the building is. Its result: how many entries were missing. An index that
 * the shard has given up stays so: a node that served once may not know.
 *
 * <p>INVALID_ARGUMENT when an entity would have too many entries, RESOURCE_EXHAUSTED when they are
 * too many entities for one log entry: whoever asks for fewer is served.
 */
final class IndexEntriesStep extends AnsweredStep<Integer> {
  /** Of entries that several entities may have, so that no log entry is full of a page. */
  private static final int PAGE_BYTES_MAX = 4 << 20;

  private final Participant participant;
  private final IndexRecord index;
  private final List<Bytes> entities;
  private final List<Change> changes = new ArrayList<>();
  private @Nullable Holder batch;

  /**
   * @param index with the progress that is reached by this
   * @param entities their row keys
   */
  IndexEntriesStep(Participant participant, IndexRecord index, List<Bytes> entities) {
    this.participant = participant;
    this.index = index;
    this.entities = entities;
  }

  @Override
  Begun begin(Holder batch) {
    if (!participant.indexes().isBuilding(index.id())) {
      throw DatastoreException.failedPrecondition("the index is not being built here any more");
    }
    Holder blocker = participant.latches().blockerOfWrites(entities);
    if (blocker != null) {
      return await(blocker);
    }
    changes.clear();
    addMissing();
    participant.latches().latch(entities, batch);
    batch.changes().add(changes);
    this.batch = batch;
    return Begun.READY;
  }

  /** What is there already counts, too: this is on the shard's thread. */
  private void addMissing() {
    long bytes = 0;
    for (Bytes key : entities) {
      bytes += addMissing(key);
      if (bytes > PAGE_BYTES_MAX && entities.size() > 1) {
        throw new DatastoreException(
            Code.RESOURCE_EXHAUSTED,
            "the entities have more index entries than are entered at a time; enter fewer");
      }
    }
  }

  /** Returns how long the entity's entries are, in all indexes that are maintained. */
  private long addMissing(Bytes key) {
    VersionedStore store = participant.store();
    EntityRow row = store.current(key.array());
    if (row == null) {
      return 0;
    }
    Entity entity = EntityEncoding.decode(row.entity());
    long bytes = checkedBytes(entity);
    List<IndexDefinition> only = List.of(index.definition());
    for (IndexEntry entry : CompositeIndexes.entriesOf(entity, only)) {
      if (!store.hasIndexEntry(entry.key().array())) {
        changes.add(new Change.PutIndexEntry(entry.key().array(), row.slot(), entry.multiValued()));
      }
    }
    return bytes;
  }

  /**
   * What no commit would give an entity, no index may, or the entity could not be deleted any more.
   */
  private long checkedBytes(Entity entity) {
    Key key = Objects.requireNonNull(entity.key());
    List<IndexDefinition> maintained = participant.indexes().of(key).definitions();
    long bytes = CommitSize.bytesOf(CompositeIndexes.entriesOf(entity, maintained));
    if (!CommitSize.isRoomFor(bytes)
        && CommitSize.isTooMuch(bytes + CommitSize.bytesOf(BuiltInIndexes.entriesOf(entity)))) {
      throw CommitSize.tooMuch();
    }
    return bytes;
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  int bytes() {
    return EntryEncoding.expectedBytes(commit(0)) + EntryEncoding.expectedBytes(progress());
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    commands.add(commit(timestamp));
    commands.add(progress());
  }

  private Command commit(long timestamp) {
    return new Command.ApplyCommit(timestamp, null, new byte[0], changes);
  }

  private Command progress() {
    return new Command.PutIndex(index);
  }

  @Override
  void undo() {
    participant.latches().unlatch(entities, batch);
    if (batch != null) {
      batch.changes().removeIf(other -> other == changes);
    }
  }

  @Override
  void ended(Outcome outcome) {
    participant.latches().unlatch(entities, batch);
  }

  @Override
  Integer applied() {
    return changes.size();
  }
}

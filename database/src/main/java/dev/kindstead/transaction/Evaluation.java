package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.MutationResult;
import dev.kindstead.model.Value;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.CommitPart.Write;
import dev.kindstead.transaction.Evaluated.OrdinalResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a commit does to a shard: entities, their index entries, the answers. Reads the
 * newest applied versions, so every key must be latched.
 *
 * <p>Thread-safe.
 */
final class Evaluation {
  /** One entity through the mutations of a commit. */
  private static final class Target {
    final int slot;
    final @Nullable StoredEntity before;
    @Nullable StoredEntity after;
    boolean changed;

    Target(int slot, @Nullable StoredEntity before) {
      this.slot = slot;
      this.before = before;
      this.after = before;
    }
  }

  /** Of an entity, in all indexes. */
  private record Entries(List<IndexEntry> builtIn, List<IndexEntry> composite) {
    static final Entries NONE = new Entries(List.of(), List.of());

    static Entries ofStored(Entity entity, MaintainedIndexes.OfKind ofKind) {
      return new Entries(
          BuiltInIndexes.entriesOf(entity),
          CompositeIndexes.storedEntriesOf(entity, ofKind.definitions()));
    }

    /** INVALID_ARGUMENT when they are too many. */
    static Entries ofNew(Entity entity, MaintainedIndexes.OfKind ofKind) {
      return new Entries(
          BuiltInIndexes.entriesOf(entity),
          CompositeIndexes.entriesOf(entity, ofKind.definitions()));
    }

    long bytes() {
      return CommitSize.bytesOf(builtIn) + CommitSize.bytesOf(composite);
    }
  }

  private final Clock clock;

  Evaluation(Clock clock) {
    this.clock = clock;
  }

  /** A {@link dev.kindstead.model.DatastoreException} says why the commit as a whole fails. */
  Evaluated evaluate(CommitPart part, VersionedStore store, MaintainedIndexes indexes) {
    long requestTime = clock.wallMicros();
    var targets = new LinkedHashMap<Bytes, Target>();
    var results = new ArrayList<OrdinalResult>(part.writes().size());
    for (Write write : part.writes()) {
      Target target = targets.computeIfAbsent(write.key(), key -> target(key, write.slot(), store));
      if (write.allocated() && target.before != null) {
        throw new IdTakenException();
      }
      results.add(new OrdinalResult(write.ordinal(), apply(write, target, requestTime)));
    }
    var changes = new ArrayList<Change>();
    int indexUpdates = 0;
    for (Map.Entry<Bytes, Target> entry : targets.entrySet()) {
      if (entry.getValue().changed) {
        indexUpdates +=
            addChanges(entry.getKey().array(), entry.getValue(), store, indexes, changes);
      }
    }
    long answerBytes = part.id() == null ? 0 : answerBytes(part.writes(), results);
    boolean onlyDeletes = targets.values().stream().allMatch(target -> target.after == null);
    CommitSize.check(changes, answerBytes, onlyDeletes);
    return new Evaluated(changes, results, indexUpdates, answerBytes);
  }

  /** An id was drawn that an entity has already, from a client that chose it; draw another. */
  static final class IdTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IdTakenException() {
      super("id taken", null, false, false);
    }
  }

  private static Target target(Bytes key, int slot, VersionedStore store) {
    EntityRow row = store.current(key.array());
    return new Target(slot, row == null ? null : new StoredEntity(row));
  }

  private static MutationResult apply(Write write, Target target, long requestTime) {
    var evaluated = MutationEvaluation.evaluate(write.mutation(), target.after, requestTime);
    Key allocated = write.allocated() ? write.mutation().key() : null;
    return switch (evaluated) {
      case MutationEvaluation.Write(Entity entity, byte[] bytes, List<Value> transformResults) -> {
        StoredEntity before = target.after;
        long createTime = before == null ? Evaluated.PENDING : before.row().createTime();
        var row = new EntityRow(bytes, target.slot, createTime, Evaluated.PENDING);
        target.after = new StoredEntity(row, entity);
        target.changed = true;
        yield new MutationResult(
            allocated, Evaluated.PENDING, createTime, Evaluated.PENDING, false, transformResults);
      }
      case MutationEvaluation.Delete() -> {
        target.after = null;
        target.changed = true;
        yield new MutationResult(null, Evaluated.PENDING, 0, 0, false, List.of());
      }
      case MutationEvaluation.Unchanged(boolean conflictDetected) ->
          unchanged(target.after, conflictDetected);
    };
  }

  private static MutationResult unchanged(@Nullable StoredEntity stored, boolean conflict) {
    if (stored == null) {
      return new MutationResult(null, Evaluated.PENDING, 0, 0, conflict, List.of());
    }
    EntityRow row = stored.row();
    return new MutationResult(
        null, row.updateTime(), row.createTime(), row.updateTime(), conflict, List.of());
  }

  /** Returns how many index entries change. */
  private static int addChanges(
      byte[] key,
      Target target,
      VersionedStore store,
      MaintainedIndexes indexes,
      List<Change> changes) {
    StoredEntity before = target.before;
    StoredEntity after = target.after;
    if (before == null && after == null) {
      return 0;
    }
    if (after == null) {
      changes.add(new Change.DeleteEntity(key));
    } else {
      EntityRow row = after.row();
      long createTime = Math.max(0, row.createTime());
      changes.add(
          new Change.PutEntity(
              key,
              new EntityRow(row.entity(), target.slot, createTime, 0),
              before == null ? null : before.row(),
              before == null));
    }
    MaintainedIndexes.OfKind ofKind = ofKind(after == null ? before : after, indexes);
    Entries old = before == null ? Entries.NONE : Entries.ofStored(before.entity(), ofKind);
    Entries fresh = after == null ? Entries.NONE : Entries.ofNew(after.entity(), ofKind);
    checkEntries(old, fresh);
    int composite = addCompositeChanges(old, fresh, target.slot, ofKind, store, changes);
    var difference = BuiltInIndexes.difference(old.builtIn, fresh.builtIn);
    Bytes unsampled = after == null && before != null ? unsampled(before.entity(), store) : null;
    for (IndexEntry removed : difference.removed()) {
      if (unsampled != null && removed.key().equals(unsampled)) {
        continue;
      }
      changes.add(removal(removed, store));
    }
    for (IndexEntry added : difference.added()) {
      changes.add(new Change.PutIndexEntry(added.key().array(), target.slot, added.multiValued()));
    }
    return difference.removed().size() + difference.added().size() + composite;
  }

  private static MaintainedIndexes.OfKind ofKind(
      @Nullable StoredEntity stored, MaintainedIndexes indexes) {
    Key key = stored == null ? null : stored.entity().key();
    return key == null ? MaintainedIndexes.OfKind.NONE : indexes.of(key);
  }

  /**
   * An entity may have too many from when they were not all counted, and must be able to shrink.
   */
  private static void checkEntries(Entries old, Entries fresh) {
    long bytes = fresh.bytes();
    if (CommitSize.isTooMuch(bytes) && bytes > old.bytes()) {
      throw CommitSize.tooMuch();
    }
  }

  /** Returns how many entries of composite indexes change. */
  private static int addCompositeChanges(
      Entries old,
      Entries fresh,
      int slot,
      MaintainedIndexes.OfKind ofKind,
      VersionedStore store,
      List<Change> changes) {
    if (ofKind.definitions().isEmpty()) {
      return 0;
    }
    var difference = BuiltInIndexes.difference(old.composite, fresh.composite);
    int count = 0;
    for (IndexEntry removed : difference.removed()) {
      // An index that is being built may not have come to this entity yet.
      Change.DeleteIndexEntry removal = removal(removed, store);
      if (!ofKind.building() || removal.before() != null) {
        changes.add(removal);
        count++;
      }
    }
    for (IndexEntry added : difference.added()) {
      changes.add(new Change.PutIndexEntry(added.key().array(), slot, added.multiValued()));
      count++;
    }
    return count;
  }

  private static Change.DeleteIndexEntry removal(IndexEntry entry, VersionedStore store) {
    byte[] key = entry.key().array();
    return new Change.DeleteIndexEntry(key, store.indexEntry(key));
  }

  /**
   * The sample's entry that an entity is to have but has not, since it was written before there was
   * a sample; null for none.
   */
  private static @Nullable Bytes unsampled(Entity entity, VersionedStore store) {
    Bytes entry = entity.key() == null ? null : BuiltInIndexes.scatterEntry(entity.key());
    return entry == null || store.hasIndexEntry(entry.array()) ? null : entry;
  }

  private static long answerBytes(List<Write> writes, List<OrdinalResult> results) {
    long bytes = 0;
    for (int i = 0; i < results.size(); i++) {
      int keyBytes = writes.get(i).key().size();
      bytes += AnswerEncoding.expectedBytes(results.get(i).result(), keyBytes);
    }
    return bytes;
  }
}

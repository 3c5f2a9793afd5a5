package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Entities written before queries were split by a sample lack an entry that they would have now.
 */
final class UnsampledEntityTest {
  /** A golden vector of docs/formats/index-entries.md says that it is sampled. */
  private static final Key SAMPLED =
      new Key(new PartitionId("p", "", ""), List.of(PathElement.ofId("K", 175)));

  private static final Entity ENTITY = new Entity(SAMPLED, Map.of());
  private static final int SLOT = 1;

  private final VersionedStore store = new VersionedStore(new MemoryStore());

  @Test
  void isDeletedWithoutThatEntry() {
    put(false);
    delete();
  }

  @Test
  void isDeletedWithThatEntryWhenItWasWrittenSince() {
    put(true);
    delete();
  }

  private void put(boolean withSample) {
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.PutEntity(
            KeyEncoding.entityKey(SAMPLED),
            new EntityRow(EntityEncoding.encode(ENTITY), SLOT, 5, 5)));
    Bytes sample = BuiltInIndexes.scatterEntry(SAMPLED);
    BuiltInIndexes.entriesOf(ENTITY).stream()
        .filter(each -> withSample || !Objects.equals(each.key(), sample))
        .forEach(each ->
            changes.add(new Change.PutIndexEntry(each.key().array(), SLOT, each.multiValued())));
    assertThat(changes).hasSize(withSample ? 3 : 2);
    apply(5, changes);
  }

  private void delete() {
    Mutation delete = Mutation.plain(Mutation.Operation.DELETE, SAMPLED, null);
    CommitPart.Write write =
        new CommitPart.Write(0, delete, Bytes.of(KeyEncoding.entityKey(SAMPLED)), SLOT, false);
    CommitPart part = CommitPart.of(0, null, null, 0, 6, List.of(write), ReadPart.NOTHING);
    apply(
        6,
        new Evaluation(new SystemClock()).evaluate(part, store, new MaintainedIndexes()).changes());
    try (Snapshot now = store.latest();
        Snapshot.IndexScan scan = now.indexEntries(new byte[0], new byte[0], false)) {
      assertThat(scan.isValid()).isFalse();
    }
  }

  /** Fails when a change removes what is not there. */
  private void apply(long time, List<Change> changes) {
    WriteSet writes = new WriteSet();
    store.stage(writes, time, changes);
    store.store().write(writes);
    store.applied(time, changes);
  }
}

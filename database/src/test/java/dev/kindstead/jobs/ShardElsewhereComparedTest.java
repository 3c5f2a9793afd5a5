package dev.kindstead.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.DistantSnapshot;
import dev.kindstead.storage.DistantSnapshot.RowSource;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.RowPage;
import dev.kindstead.storage.RowRange;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The rows of a shard of which the home has no replica come page by page: one question for each
 * entry took longer than anybody waits for the comparison.
 */
final class ShardElsewhereComparedTest {
  private static final int ENTITIES = 4_000;
  private static final DatabaseId DATABASE = new DatabaseId("p", "");

  private final VersionedStore store = new VersionedStore(new MemoryStore());
  private int questions;

  private final RowSource source =
      new RowSource() {
        @Override
        public List<byte[]> lookUp(List<byte[]> entityKeys) {
          questions++;
          return RowPage.lookUp(store.snapshot(1), entityKeys);
        }

        @Override
        public RowPage scan(RowRange range, int rowsMax) {
          questions++;
          return RowPage.scan(store.snapshot(1), range, rowsMax);
        }

        @Override
        public @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until) {
          return null;
        }
      };

  /** Entity {@code forgetting} gets no entry of its kind. */
  private IndexCheck.Report compared(int forgetting) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < ENTITIES; i++) {
      var key = new Key(new PartitionId("p", "", ""), List.of(PathElement.ofName("K", "e" + i)));
      var entity = new Entity(key, Map.of("a", Value.of(new Value.IntegerValue(i))));
      byte[] bytes = EntityEncoding.encode(entity);
      changes.add(new Change.PutEntity(KeyEncoding.entityKey(key), new EntityRow(bytes, 0, 1, 1)));
      List<IndexEntry> entries = BuiltInIndexes.entriesOf(entity);
      for (IndexEntry entry : i == forgetting ? entries.subList(1, entries.size()) : entries) {
        changes.add(new Change.PutIndexEntry(entry.key().array(), 0, entry.multiValued()));
      }
    }
    var writes = new WriteSet();
    store.stage(writes, 1, changes);
    store.store().write(writes);
    store.applied(1, changes);
    var comparison = new IndexComparison(Map.of(), DATABASE, () -> false);
    comparison.compare(new DistantSnapshot(1, Map.of(), source));
    return comparison.report();
  }

  @Test
  void withFewQuestions() {
    IndexCheck.Report report = compared(-1);
    assertThat(report.differences()).isEmpty();
    assertThat(report.entities()).isEqualTo(ENTITIES);
    assertThat(report.entries()).isGreaterThan(2 * ENTITIES);
    assertThat(questions).isLessThan(60);
  }

  @Test
  void whatDiffersIsNamedAllTheSame() {
    IndexCheck.Report report = compared(3);
    assertThat(report.different()).isEqualTo(1);
    assertThat(report.differences()).singleElement().asString().contains("is missing");
  }
}

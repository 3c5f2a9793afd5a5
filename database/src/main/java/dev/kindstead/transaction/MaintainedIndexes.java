package dev.kindstead.transaction;

import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.replication.Command.ReadRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The composite indexes that the commits of a shard maintain, as its log tells.
 *
 * <p>Confined to the shard's executor. What is evaluated between two changes sees one and the same
 * set, and a change is alone in its entry: so the log orders each commit before or after it.
 */
final class MaintainedIndexes {
  private record Kind(DatabaseId database, String kind) {}

  /**
   * Those of one kind.
   *
   * @param building whether one of them has not all its entries yet
   */
  record OfKind(List<IndexDefinition> definitions, boolean building) {
    static final OfKind NONE = new OfKind(List.of(), false);
  }

  private final Map<Long, IndexRecord> records = new HashMap<>();
  private final Map<Kind, OfKind> byKind = new HashMap<>();

  void load(List<IndexRecord> stored) {
    records.clear();
    stored.forEach(each -> records.put(each.id(), each));
    sort();
  }

  void put(IndexRecord index) {
    records.put(index.id(), index);
    sort();
  }

  void drop(long id) {
    records.remove(id);
    sort();
  }

  /** Whether it is maintained, and has not all its entries yet. */
  boolean isBuilding(long id) {
    IndexRecord known = records.get(id);
    return known != null && known.state() == IndexState.CREATING;
  }

  /** Whether it is of a composite index to which commits add nothing. */
  boolean isOfUnmaintained(ReadRange range) {
    if (!CompositeKeyEncoding.isComposite(range.from())) {
      return false;
    }
    IndexRecord known = records.get(CompositeKeyEncoding.index(range.from()));
    return known == null || !known.isMaintained();
  }

  /** Those that the entity with this key may be in. */
  OfKind of(Key key) {
    return byKind.isEmpty()
        ? OfKind.NONE
        : byKind.getOrDefault(new Kind(key.partition().databaseId(), key.kind()), OfKind.NONE);
  }

  private void sort() {
    byKind.clear();
    for (IndexRecord each : records.values()) {
      if (each.isMaintained()) {
        IndexDefinition definition = each.definition();
        byKind.merge(
            new Kind(definition.database(), definition.kind()),
            new OfKind(List.of(definition), each.state() == IndexState.CREATING),
            MaintainedIndexes::both);
      }
    }
  }

  private static OfKind both(OfKind one, OfKind other) {
    List<IndexDefinition> all = new ArrayList<>(one.definitions());
    all.addAll(other.definitions());
    return new OfKind(List.copyOf(all), one.building() || other.building());
  }
}

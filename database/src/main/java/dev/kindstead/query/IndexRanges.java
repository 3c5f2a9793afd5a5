package dev.kindstead.query;

import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.EntrySuffix;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.StatisticsKinds;
import dev.kindstead.storage.Space;
import java.util.ArrayList;
import java.util.List;

/** Makes the ranges of each sort of index. */
final class IndexRanges {
  private static final List<Interval> WITHOUT_STATISTICS = withoutStatistics();

  private IndexRanges() {}

  /**
   * The entities of a partition, by key. Those of {@link StatisticsKinds} are passed over, unless
   * nothing else is asked for.
   */
  static IndexRange entities(PartitionId partition, List<Interval> paths) {
    List<Interval> others = Interval.intersect(paths, WITHOUT_STATISTICS);
    return new IndexRange(
        IndexSource.ENTITIES,
        Space.CURRENT,
        Bytes.of(KeyEncoding.partitionPrefix(partition)),
        EntrySuffix.PATH,
        false,
        List.of(others.isEmpty() ? paths : others));
  }

  private static List<Interval> withoutStatistics() {
    Interval statistics = Interval.startingWith(StatisticsKinds.prefixBytes());
    return List.of(
        new Interval(Interval.UNBOUNDED, statistics.from()),
        new Interval(statistics.until(), Interval.UNBOUNDED));
  }

  /** The entities of a kind, by key. */
  static IndexRange ofKind(
      PartitionId partition, String kind, boolean reverse, List<Interval> paths) {
    return new IndexRange(
        new IndexSource(kind, null, null, List.of()),
        Space.INDEX,
        Bytes.of(IndexKeyEncoding.kindPrefix(partition, kind)),
        EntrySuffix.PATH,
        reverse,
        List.of(paths));
  }

  /** The entities with one value of a property, by key. */
  static IndexRange ofValue(
      PartitionId partition,
      String kind,
      String property,
      Bytes value,
      boolean reverse,
      List<Interval> paths) {
    byte[] prefix = IndexKeyEncoding.propertyPrefix(partition, kind, property);
    return new IndexRange(
        new IndexSource(null, property, null, List.of(value)),
        Space.INDEX,
        Bytes.of(Interval.concat(prefix, value.array())),
        EntrySuffix.PATH,
        reverse,
        List.of(paths));
  }

  /** The entities with a property, by its value. */
  static IndexRange ofProperty(
      PartitionId partition,
      String kind,
      String property,
      boolean reverse,
      List<Interval> values,
      List<Interval> paths) {
    return new IndexRange(
        new IndexSource(null, property, null, List.of()),
        Space.INDEX,
        Bytes.of(IndexKeyEncoding.propertyPrefix(partition, kind, property)),
        EntrySuffix.VALUE_AND_PATH,
        reverse,
        List.of(values, paths));
  }

  /**
   * The entries of a composite index whose first properties have these values.
   *
   * @param ancestor for an index with ancestors, the path of the one that is meant
   * @param equal values of the first properties
   * @param within where the values of the others, and at last the path, must lie
   */
  static IndexRange ofComposite(
      PartitionId partition,
      IndexDefinition index,
      byte[] ancestor,
      List<Bytes> equal,
      boolean reverse,
      List<List<Interval>> within) {
    byte[] prefix = CompositeKeyEncoding.prefix(partition, index.kind(), index.id());
    if (index.ancestor()) {
      prefix = CompositeKeyEncoding.ancestorPrefix(prefix, ancestor);
    }
    List<Boolean> descending = new ArrayList<>();
    for (int i = 0; i < index.values().size(); i++) {
      boolean inverted = index.values().get(i).descending();
      if (i < equal.size()) {
        byte[] value = equal.get(i).array();
        prefix = Interval.concat(prefix, inverted ? EntrySuffix.inverted(value) : value);
      } else {
        descending.add(inverted);
      }
    }
    return new IndexRange(
        new IndexSource(null, null, index, List.copyOf(equal)),
        Space.INDEX,
        Bytes.of(prefix),
        new EntrySuffix(descending, index.isKeyDescending(), true),
        reverse,
        within);
  }
}

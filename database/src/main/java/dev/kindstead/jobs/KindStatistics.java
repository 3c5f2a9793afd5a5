package dev.kindstead.jobs;

import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the entities of one kind take. Confined to one thread. */
final class KindStatistics {
  private final StatisticsCount roots = new StatisticsCount();
  private final StatisticsCount children = new StatisticsCount();
  private final PropertyStatistics properties = new PropertyStatistics();
  private final Map<Long, StatisticsCount> composites = new TreeMap<>();

  /**
   * @param bytes of the entity's row, with its key
   * @param indexes of its kind
   */
  void add(Key key, Entity entity, long bytes, List<IndexDefinition> indexes) {
    StatisticsCount count = key.path().size() == 1 ? roots : children;
    count.addItem(bytes);
    List<IndexEntry> builtIn = BuiltInIndexes.entriesOf(entity);
    count.addBuiltIn(builtIn.size(), bytesOf(builtIn));
    for (IndexDefinition each : indexes) {
      List<IndexEntry> entries = CompositeIndexes.storedEntriesOf(entity, List.of(each));
      count.addComposite(entries.size(), bytesOf(entries));
      composite(each.id()).addComposite(entries.size(), bytesOf(entries));
    }
    properties.add(key, entity);
  }

  void add(KindStatistics other) {
    roots.add(other.roots);
    children.add(other.children);
    properties.add(other.properties);
    other.composites.forEach((index, count) -> composite(index).add(count));
  }

  private StatisticsCount composite(long index) {
    return composites.computeIfAbsent(index, _ -> new StatisticsCount());
  }

  private static long bytesOf(List<IndexEntry> entries) {
    return entries.stream().mapToLong(each -> each.key().size()).sum();
  }

  /** Entities without a parent. */
  StatisticsCount roots() {
    return roots;
  }

  /** Entities with a parent. */
  StatisticsCount children() {
    return children;
  }

  StatisticsCount all() {
    var all = new StatisticsCount();
    all.add(roots);
    all.add(children);
    return all;
  }

  PropertyStatistics properties() {
    return properties;
  }

  /** By the index's number. */
  Map<Long, StatisticsCount> composites() {
    return composites;
  }

  /** How many counts are kept here. */
  int size() {
    return 2 + composites.size() + properties.counts().size();
  }
}

package dev.kindstead.jobs;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the entities of one database take, in each namespace by kind. When that would be too many
 * numbers, namespaces are told as one, and then properties not at all. Confined to one thread.
 */
final class DatabaseStatistics {
  /** Counts kept of one database, so that many namespaces or names do not fill the memory. */
  static final int COUNTS_MAX = 10_000;

  /** Stands for all namespaces where they are not told apart. */
  private static final String EVERY_NAMESPACE = "*";

  private final Map<String, Map<String, KindStatistics>> namespaces = new TreeMap<>();
  private boolean tellsNamespaces = true;
  private boolean tellsProperties = true;

  /**
   * @param bytes of the entity's row, with its key
   * @param indexes of its kind
   */
  void add(Key key, Entity entity, long bytes, List<IndexDefinition> indexes) {
    kind(key.partition().namespace(), key.kind()).add(key, entity, bytes, indexes);
  }

  void add(DatabaseStatistics other) {
    tellsProperties &= other.tellsProperties;
    if (!other.tellsNamespaces) {
      joinNamespaces();
    }
    other.namespaces.forEach((namespace, kinds) ->
        kinds.forEach((kind, statistics) -> kind(namespace, kind).add(statistics)));
    limit();
  }

  private KindStatistics kind(String namespace, String kind) {
    return namespaces
        .computeIfAbsent(tellsNamespaces ? namespace : EVERY_NAMESPACE, _ -> new TreeMap<>())
        .computeIfAbsent(kind, _ -> new KindStatistics());
  }

  /** Leaves out what is too much; to be called now and then while entities are added. */
  void limit() {
    if (tellsNamespaces && size() > COUNTS_MAX) {
      joinNamespaces();
    }
    if (!tellsProperties || size() > COUNTS_MAX) {
      tellsProperties = false;
      namespaces
          .values()
          .forEach(kinds -> kinds.values().forEach(each -> each.properties().counts().clear()));
    }
  }

  private void joinNamespaces() {
    tellsNamespaces = false;
    Map<String, KindStatistics> all = whole();
    namespaces.clear();
    namespaces.put(EVERY_NAMESPACE, all);
  }

  private int size() {
    return namespaces.values().stream()
        .flatMap(kinds -> kinds.values().stream())
        .mapToInt(KindStatistics::size)
        .sum();
  }

  /** By kind, over all namespaces. */
  Map<String, KindStatistics> whole() {
    Map<String, KindStatistics> all = new TreeMap<>();
    namespaces
        .values()
        .forEach(kinds ->
            kinds.forEach((kind, statistics) ->
                all.computeIfAbsent(kind, _ -> new KindStatistics()).add(statistics)));
    return all;
  }

  /** By namespace and kind; empty when namespaces are not told apart. */
  Map<String, Map<String, KindStatistics>> namespaces() {
    return tellsNamespaces ? namespaces : Map.of();
  }
}

package dev.kindstead.jobs;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.jobs.PropertyStatistics.PropertyAndType;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.StatisticsKinds;
import dev.kindstead.model.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Statistics as the entities that clients read. Made for one use, confined to one thread.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/concepts/stats">Datastore statistics</a>
 */
final class StatisticsEntities {
  static final String TIMESTAMP = "timestamp";

  private static final String KIND_NAME = "kind_name";
  private static final String PROPERTY_NAME = "property_name";
  private static final String PROPERTY_TYPE = "property_type";

  /** The default namespace has no name, and a key must have one or an id. */
  private static final long DEFAULT_NAMESPACE_ID = 1;

  private final DatabaseId database;
  private final Map<Key, Map<String, Value>> entities = new LinkedHashMap<>();

  private StatisticsEntities(DatabaseId database) {
    this.database = database;
  }

  /** The properties of each entity but its {@link #TIMESTAMP}. */
  static Map<Key, Map<String, Value>> of(DatabaseId database, DatabaseStatistics statistics) {
    var made = new StatisticsEntities(database);
    Map<String, Map<String, KindStatistics>> namespaces = statistics.namespaces();
    made.add("", StatisticsKinds.PREFIX, statistics.whole());
    namespaces.forEach((namespace, kinds) -> made.addNamespace(namespace, total(kinds)));
    boolean usesNamespaces = namespaces.keySet().stream().anyMatch(each -> !each.isEmpty());
    if (usesNamespaces) {
      namespaces.forEach(
          (namespace, kinds) -> made.add(namespace, StatisticsKinds.PREFIX + "Ns_", kinds));
    }
    return made.entities;
  }

  private static StatisticsCount total(Map<String, KindStatistics> kinds) {
    var total = new StatisticsCount();
    kinds.values().forEach(kind -> total.add(kind.all()));
    return total;
  }

  private void addNamespace(String subject, StatisticsCount count) {
    String kind = StatisticsKinds.PREFIX + "Namespace__";
    PathElement element =
        subject.isEmpty()
            ? PathElement.ofId(kind, DEFAULT_NAMESPACE_ID)
            : PathElement.ofName(kind, subject);
    put("", element, withComposites(count), Map.of("subject_namespace", subject));
  }

  /**
   * Everything that is told alike of the database and of a namespace.
   *
   * @param prefix of the kinds
   */
  private void add(String namespace, String prefix, Map<String, KindStatistics> kinds) {
    put(
        namespace,
        PathElement.ofName(prefix + "Total__", "total_entity_usage"),
        withComposites(total(kinds)),
        Map.of());
    Map<String, StatisticsCount> byType = new TreeMap<>();
    kinds.forEach((kind, statistics) -> {
      addKind(namespace, prefix, kind, statistics);
      addProperties(namespace, prefix, kind, statistics, byType);
    });
    byType.forEach((type, count) ->
        put(
            namespace,
            PathElement.ofName(prefix + "PropertyType__", type),
            withBuiltIn(count),
            Map.of(PROPERTY_TYPE, type)));
  }

  private void addKind(String namespace, String prefix, String kind, KindStatistics statistics) {
    Map<String, String> named = Map.of(KIND_NAME, kind);
    put(
        namespace,
        PathElement.ofName(prefix + "Kind__", kind),
        withComposites(statistics.all()),
        named);
    if (statistics.roots().items() > 0) {
      put(
          namespace,
          PathElement.ofName(prefix + "Kind_IsRootEntity__", kind),
          plain(statistics.roots()),
          named);
    }
    if (statistics.children().items() > 0) {
      put(
          namespace,
          PathElement.ofName(prefix + "Kind_NotRootEntity__", kind),
          plain(statistics.children()),
          named);
    }
    statistics
        .composites()
        .forEach((index, count) -> {
          Map<String, Value> values = new LinkedHashMap<>();
          values.put("count", integer(count.compositeEntries()));
          values.put("bytes", integer(count.compositeBytes()));
          values.put("index_id", integer(index));
          values.put("alphanumeric_id", string(IndexDefinition.idText(index)));
          put(
              namespace,
              PathElement.ofName(prefix + "Kind_CompositeIndex__", kind + "_" + index),
              values,
              named);
        });
  }

  private void addProperties(
      String namespace,
      String prefix,
      String kind,
      KindStatistics statistics,
      Map<String, StatisticsCount> byType) {
    Map<String, StatisticsCount> typesOfKind = new TreeMap<>();
    Map<String, StatisticsCount> names = new TreeMap<>();
    for (Map.Entry<PropertyAndType, StatisticsCount> each :
        statistics.properties().counts().entrySet()) {
      String property = each.getKey().property();
      String type = each.getKey().type();
      StatisticsCount count = each.getValue();
      put(
          namespace,
          PathElement.ofName(
              prefix + "PropertyType_PropertyName_Kind__", type + "_" + property + "_" + kind),
          withBuiltIn(count),
          Map.of(PROPERTY_TYPE, type, PROPERTY_NAME, property, KIND_NAME, kind));
      for (Map<String, StatisticsCount> sums : List.of(typesOfKind, byType)) {
        sums.computeIfAbsent(type, _ -> new StatisticsCount()).add(count);
      }
      names.computeIfAbsent(property, _ -> new StatisticsCount()).add(count);
    }
    typesOfKind.forEach((type, count) ->
        put(
            namespace,
            PathElement.ofName(prefix + "PropertyType_Kind__", type + "_" + kind),
            withBuiltIn(count),
            Map.of(PROPERTY_TYPE, type, KIND_NAME, kind)));
    names.forEach((property, count) ->
        put(
            namespace,
            PathElement.ofName(prefix + "PropertyName_Kind__", property + "_" + kind),
            withBuiltIn(count),
            Map.of(PROPERTY_NAME, property, KIND_NAME, kind)));
  }

  private static Map<String, Value> plain(StatisticsCount count) {
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("count", integer(count.items()));
    values.put("bytes", integer(count.bytes()));
    values.put("entity_bytes", integer(count.itemBytes()));
    return values;
  }

  private static Map<String, Value> withBuiltIn(StatisticsCount count) {
    Map<String, Value> values = plain(count);
    values.put("builtin_index_bytes", integer(count.builtInBytes()));
    values.put("builtin_index_count", integer(count.builtInEntries()));
    return values;
  }

  private static Map<String, Value> withComposites(StatisticsCount count) {
    Map<String, Value> values = withBuiltIn(count);
    values.put("composite_index_bytes", integer(count.compositeBytes()));
    values.put("composite_index_count", integer(count.compositeEntries()));
    return values;
  }

  private void put(
      String namespace, PathElement element, Map<String, Value> values, Map<String, String> named) {
    var partition = new PartitionId(database.project(), database.database(), namespace);
    Map<String, Value> all = new LinkedHashMap<>(values);
    named.forEach((property, name) -> all.put(property, string(name)));
    entities.put(new Key(partition, List.of(element)), all);
  }

  private static Value integer(long value) {
    return Value.of(new Value.IntegerValue(value));
  }

  private static Value string(String value) {
    return Value.of(new Value.StringValue(value));
  }
}

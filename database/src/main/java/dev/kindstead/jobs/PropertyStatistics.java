package dev.kindstead.jobs;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.IndexEntryWriter;
import dev.kindstead.index.IndexedProperties;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the properties of some entities take, by name and type of value; of arrays each element
 * counts. Entries of nested properties count for the property that holds them. Confined to one
 * thread.
 */
final class PropertyStatistics {
  /**
   * What a count is about.
   *
   * @param type as statistics entities call it
   */
  record PropertyAndType(String property, String type) implements Comparable<PropertyAndType> {
    @Override
    public int compareTo(PropertyAndType other) {
      int order = property.compareTo(other.property);
      return order != 0 ? order : type.compareTo(other.type);
    }
  }

  private final Map<PropertyAndType, StatisticsCount> counts = new TreeMap<>();

  Map<PropertyAndType, StatisticsCount> counts() {
    return counts;
  }

  void add(Key key, Entity entity) {
    var writer = new IndexEntryWriter(key);
    entity.properties().forEach((name, value) -> add(writer, name, value));
  }

  private void add(IndexEntryWriter writer, String name, Value value) {
    List<Value> elements =
        value.content() instanceof Value.ArrayValue(List<Value> values) && !values.isEmpty()
            ? values
            : List.of(value);
    Set<Bytes> seen = new HashSet<>();
    for (Value each : elements) {
      StatisticsCount count = count(new PropertyAndType(name, typeOf(each.content())));
      count.addItem(EntityEncoding.encode(new Entity(null, Map.of(name, each))).length);
      if (!value.excludeFromIndexes()) {
        IndexedProperties.visit(
            name,
            each,
            (property, content) -> {
              byte[] entry = writer.propertyEntry(property, content);
              if (seen.add(Bytes.of(entry))) {
                count.addBuiltIn(1, entry.length);
              }
            });
      }
    }
  }

  void add(PropertyStatistics other) {
    other.counts.forEach((each, count) -> count(each).add(count));
  }

  private StatisticsCount count(PropertyAndType of) {
    return counts.computeIfAbsent(of, _ -> new StatisticsCount());
  }

  private static String typeOf(Value.Content content) {
    return switch (content) {
      case Value.NullValue _ -> "NULL";
      case Value.BooleanValue _ -> "Boolean";
      case Value.IntegerValue _ -> "Integer";
      case Value.DoubleValue _ -> "Float";
      case Value.TimestampValue _ -> "Date/Time";
      case Value.KeyValue _ -> "Key";
      case Value.StringValue _ -> "String";
      case Value.BlobValue _ -> "Blob";
      case Value.GeoPointValue _ -> "GeoPt";
      case Value.EntityValue _ -> "EmbeddedEntity";
      case Value.ArrayValue _ -> "EmptyArray";
    };
  }
}

package dev.kindstead.simulation;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The simulated application's data: entities of kind {@code List}, each an entity group of its own,
 * whose property {@code elements} holds what was appended and {@code length} how much.
 */
final class Lists {
  static final DatabaseId DATABASE = new DatabaseId("simulated", "");
  static final PartitionId PARTITION = new PartitionId("simulated", "", "");
  static final String KIND = "List";

  /** What every shard maintains; several entries for each list. */
  static final IndexRecord INDEX =
      new IndexRecord(
          new IndexDefinition(
              1,
              DATABASE,
              KIND,
              true,
              List.of(new IndexedProperty("elements", true), new IndexedProperty("length", false))),
          IndexState.READY,
          1,
          1,
          Bytes.EMPTY);

  private Lists() {}

  static Key key(String object) {
    return new Key(PARTITION, List.of(PathElement.ofName(KIND, object)));
  }

  static int shardOf(ShardMap map, Key key) {
    return map.shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
  }

  static boolean isOne(Entity entity) {
    Key key = entity.key();
    return key != null && key.kind().equals(KIND);
  }

  static String kind(Entity entity) {
    Key key = entity.key();
    return key == null ? "" : key.kind();
  }

  static List<Integer> elements(@Nullable EntityRow row) {
    return row == null ? List.of() : elements(EntityEncoding.decode(row.entity()));
  }

  static List<Integer> elements(Entity entity) {
    var elements = new ArrayList<Integer>();
    if (entity.properties().get("elements") instanceof Value value
        && value.content() instanceof Value.ArrayValue array) {
      for (Value element : array.values()) {
        elements.add((int) ((Value.IntegerValue) element.content()).value());
      }
    }
    return elements;
  }

  static String object(Entity entity) {
    Key key = entity.key();
    String name = key == null ? null : key.last().name();
    if (name == null) {
      throw new IllegalStateException("every list has a name: " + entity);
    }
    return name;
  }

  /** The upsert that makes the list {@code before} longer by {@code element}. */
  static Mutation append(String object, List<Integer> before, int element) {
    return append(object, before, element, Mutation.NoDetection.NONE);
  }

  /**
   * The same, which fails the commit when the list is another one than its client expects.
   *
   * @param expected zero for a list that is not there
   */
  static Mutation appendTo(String object, List<Integer> before, int element, long expected) {
    return append(object, before, element, new Mutation.BaseVersion(expected));
  }

  static Mutation delete(String object) {
    return Mutation.plain(Mutation.Operation.DELETE, key(object), null);
  }

  private static Mutation append(
      String object, List<Integer> before, int element, Mutation.Detection expected) {
    var values = new ArrayList<Value>();
    for (int old : before) {
      values.add(Value.of(new Value.IntegerValue(old)));
    }
    values.add(Value.of(new Value.IntegerValue(element)));
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("elements", Value.of(new Value.ArrayValue(values)));
    properties.put("length", Value.of(new Value.IntegerValue(values.size())));
    return new Mutation(
        Mutation.Operation.UPSERT,
        key(object),
        new Entity(key(object), properties),
        expected,
        Mutation.Resolution.FAIL,
        null,
        List.of());
  }
}

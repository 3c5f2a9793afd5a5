package dev.kindstead.query;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.DatabaseIndexes.ReadyIndex;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.Content;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Entities and queries over few keys, properties and values, so that they meet; from a seed. */
final class RandomQueries {
  static final PartitionId PARTITION = new PartitionId("p", "", "");
  private static final PartitionId OTHER = new PartitionId("p", "", "n");
  private static final String[] PROPERTIES = {"a", "b", "c", "c.x"};
  private static final Operator[] RANGES = {
    Operator.LESS_THAN,
    Operator.LESS_THAN_OR_EQUAL,
    Operator.GREATER_THAN,
    Operator.GREATER_THAN_OR_EQUAL
  };

  private final SplittableRandom random;
  private final List<Entity> made = new ArrayList<>();

  RandomQueries(long seed) {
    random = new SplittableRandom(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  Key key(PartitionId partition) {
    List<PathElement> path = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String kind = random.nextInt(3) == 0 ? "L" : "K";
      path.add(
          random.nextInt(3) == 0
              ? PathElement.ofName(kind, random.nextBoolean() ? "n" : "nn")
              : PathElement.ofId(kind, random.nextBoolean() ? 1 + random.nextInt(9) : -1));
    }
    return new Key(partition, path);
  }

  Entity entity() {
    Entity entity = entity(key(random.nextInt(10) == 0 ? OTHER : PARTITION), 1);
    made.add(entity);
    return entity;
  }

  private Entity entity(@Nullable Key key, int depth) {
    Map<String, Value> properties = new LinkedHashMap<>();
    for (String name : depth > 0 ? new String[] {"a", "b", "c"} : new String[] {"x"}) {
      if (random.nextInt(5) != 0) {
        properties.put(name, value(depth, true));
      }
    }
    return new Entity(key, properties);
  }

  private Value value(int depth, boolean arrays) {
    int choice = random.nextInt(10);
    Content content = content();
    if (arrays && choice < 3) {
      List<Value> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(value(depth, false));
      }
      content = new Value.ArrayValue(elements);
    } else if (depth > 0 && choice == 3) {
      content = new Value.EntityValue(entity(null, depth - 1));
    }
    return new Value(content, 0, random.nextInt(12) == 0);
  }

  private Content content() {
    return switch (random.nextInt(12)) {
      case 0 -> Value.NullValue.NULL;
      case 1 -> new Value.BooleanValue(random.nextBoolean());
      case 2 -> new Value.TimestampValue(random.nextInt(4));
      case 3 -> new Value.StringValue(random.nextBoolean() ? "s" : "s\0");
      case 4 -> new Value.BlobValue(Bytes.of(new byte[] {'s'}));
      case 5 -> new Value.DoubleValue(random.nextBoolean() ? -0.0 : Double.NaN);
      case 6 -> new Value.GeoPointValue(random.nextInt(2), 1);
      case 7 -> new Value.KeyValue(key(PARTITION));
      default -> new Value.IntegerValue(random.nextInt(5));
    };
  }

  /** A query that is legal, without limit, offset and cursors. */
  Query query() {
    if (random.nextInt(10) == 0) {
      return query(null, List.of(), onKey(), List.of(), List.of());
    }
    if (random.nextInt(6) == 0) {
      return query("K", List.of(), onOne(), List.of(), List.of());
    }
    Filter filter = random.nextInt(4) == 0 ? null : filter(2);
    Set<String> projection = new LinkedHashSet<>();
    if (random.nextInt(5) == 0) {
      projection.add(Query.KEY);
    } else if (random.nextInt(4) == 0) {
      projection.add(property());
      projection.add(property());
    }
    List<String> distinct = random.nextInt(6) == 0 ? List.of(property()) : List.of();
    boolean descending = random.nextBoolean();
    List<Order> orders = new ArrayList<>();
    for (String group : distinct) {
      if (random.nextBoolean()) {
        orders.add(new Order(group, descending));
      }
    }
    if (distinct.isEmpty() || !orders.isEmpty()) {
      for (int i = random.nextInt(3); i > 0; i--) {
        String property = random.nextInt(5) == 0 ? Query.KEY : property();
        if (orders.stream().noneMatch(order -> order.property().equals(property))) {
          orders.add(new Order(property, random.nextInt(4) == 0 ? !descending : descending));
        }
      }
    }
    return query("K", List.copyOf(projection), filter, orders, distinct);
  }

  private static Query query(
      @Nullable String kind,
      List<String> projection,
      @Nullable Filter filter,
      List<Order> orders,
      List<String> distinct) {
    return new Query(
        PARTITION, kind, projection, filter, orders, distinct, new byte[0], new byte[0], 0, null);
  }

  private Filter filter(int depth) {
    int choice = random.nextInt(depth > 0 ? 8 : 6);
    return switch (choice) {
      case 0 -> onKey();
      case 1, 2 -> new Comparison(property(), Operator.EQUAL, content());
      case 3, 4 -> new Comparison(property(), RANGES[random.nextInt(4)], content());
      case 5 ->
          switch (random.nextInt(6)) {
            case 0 -> new Comparison(property(), Operator.NOT_EQUAL, content());
            case 1 -> new Comparison(property(), Operator.NOT_IN, contents());
            default -> new Comparison(property(), Operator.IN, contents());
          };
      case 6 -> new Filter.Or(List.of(filter(depth - 1), filter(depth - 1)));
      default -> new Filter.And(List.of(filter(depth - 1), filter(depth - 1)));
    };
  }

  private Filter onKey() {
    Value.KeyValue key = someKey();
    return switch (random.nextInt(7)) {
      case 0 -> new Comparison(Query.KEY, Operator.EQUAL, key);
      case 1 -> new Comparison(Query.KEY, Operator.HAS_ANCESTOR, key);
      case 2 -> new Comparison(Query.KEY, Operator.NOT_EQUAL, key);
      case 3 -> new Comparison(Query.KEY, Operator.NOT_IN, keys());
      case 4 -> new Comparison(Query.KEY, Operator.IN, keys());
      default -> new Comparison(Query.KEY, RANGES[random.nextInt(4)], key);
    };
  }

  private Value.ArrayValue keys() {
    return new Value.ArrayValue(List.of(Value.of(someKey()), Value.of(someKey())));
  }

  /** Of an entity that there is, half of the time. */
  private Value.KeyValue someKey() {
    Key known = made.isEmpty() ? null : made.get(random.nextInt(made.size())).key();
    boolean isTaken = known != null && known.partition().equals(PARTITION) && random.nextBoolean();
    return new Value.KeyValue(isTaken && known != null ? known : key(PARTITION));
  }

  /** On keys, and on values that an entity has. */
  private Filter onOne() {
    List<Filter> parts = new ArrayList<>(List.of(onKey()));
    made.get(random.nextInt(made.size()))
        .properties()
        .forEach((name, value) -> {
          Content content = value.content();
          boolean isPlain =
              !(content instanceof Value.ArrayValue || content instanceof Value.EntityValue);
          if (isPlain && random.nextBoolean()) {
            parts.add(new Comparison(name, Operator.EQUAL, content));
          }
        });
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  private Value.ArrayValue contents() {
    List<Value> values = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      values.add(Value.of(content()));
    }
    return new Value.ArrayValue(values);
  }

  /** Some composite indexes, all of them ready. */
  DatabaseIndexes indexes() {
    List<ReadyIndex> ready = new ArrayList<>();
    for (int id = 1 + random.nextInt(6); id > 0; id--) {
      List<String> names = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        names.add(property());
      }
      if (random.nextInt(3) == 0) {
        names.add(IndexDefinition.KEY);
      }
      List<IndexedProperty> properties =
          names.stream().map(name -> new IndexedProperty(name, random.nextBoolean())).toList();
      boolean ancestor = random.nextInt(3) == 0;
      ready.add(
          new ReadyIndex(
              new IndexDefinition(id, PARTITION.databaseId(), "K", ancestor, properties), 0));
    }
    return new DatabaseIndexes(false, ready);
  }

  private String property() {
    return PROPERTIES[random.nextInt(PROPERTIES.length)];
  }
}

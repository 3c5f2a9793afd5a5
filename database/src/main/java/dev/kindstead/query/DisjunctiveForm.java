package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;
import dev.kindstead.query.Conjunction.Condition;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns a filter into alternatives of conditions that hold together: IN becomes OR of EQUAL. */
final class DisjunctiveForm {
  static final int DISJUNCTIONS_MAX = 30;
  static final int NOT_IN_VALUES_MAX = 10;

  private final PartitionId partition;
  private final @Nullable String kind;

  private DisjunctiveForm(PartitionId partition, @Nullable String kind) {
    this.partition = partition;
    this.kind = kind;
  }

  /** The alternatives, at least one; some may contradict themselves. */
  static List<Conjunction> of(
      PartitionId partition, @Nullable String kind, @Nullable Filter filter) {
    if (filter == null) {
      return List.of(Conjunction.TRUE);
    }
    DisjunctiveForm form = new DisjunctiveForm(partition, kind);
    return expand(filter).stream().map(form::conjunction).toList();
  }

  private static List<List<Comparison>> expand(Filter filter) {
    List<List<Comparison>> expanded = new ArrayList<>();
    switch (filter) {
      case Comparison(String property, Operator operator, Value.Content value)
          when operator == Operator.IN -> {
        for (Value.Content each : new LinkedHashSet<>(elements(value, "IN"))) {
          expanded.add(List.of(new Comparison(property, Operator.EQUAL, each)));
        }
      }
      case Comparison comparison -> expanded.add(List.of(comparison));
      case Or(List<Filter> filters) -> filters.forEach(each -> expanded.addAll(expand(each)));
      case And(List<Filter> filters) -> {
        expanded.add(List.of());
        for (Filter each : filters) {
          List<List<Comparison>> right = expand(each);
          List<List<Comparison>> left = List.copyOf(expanded);
          checkCount((long) left.size() * right.size());
          expanded.clear();
          left.forEach(one -> right.forEach(other -> expanded.add(concat(one, other))));
        }
      }
    }
    checkCount(expanded.size());
    return expanded;
  }

  private static void checkCount(long count) {
    if (count > DISJUNCTIONS_MAX) {
      throw DatastoreException.invalidArgument(
          "IN supports up to " + DISJUNCTIONS_MAX + " values, and a filter as many disjunctions.");
    }
  }

  private static List<Comparison> concat(List<Comparison> one, List<Comparison> other) {
    List<Comparison> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  private static List<Value.Content> elements(Value.Content value, String operator) {
    if (!(value instanceof Value.ArrayValue(List<Value> values)) || values.isEmpty()) {
      throw DatastoreException.invalidArgument(operator + " requires an non-empty ArrayValue.");
    }
    return values.stream().map(Value::content).toList();
  }

  private Conjunction conjunction(List<Comparison> comparisons) {
    List<Interval> paths = Interval.EVERYTHING;
    byte[] ancestor = null;
    SortedMap<String, Condition> properties = new TreeMap<>();
    for (Comparison each : comparisons) {
      if (each.property().equals(Query.KEY)) {
        paths = Interval.intersect(paths, pathsOf(each));
        if (each.operator() == Operator.HAS_ANCESTOR) {
          byte[] path = path(each.value());
          ancestor = ancestor == null || path.length > ancestor.length ? path : ancestor;
        }
        continue;
      }
      if (kind == null) {
        throw DatastoreException.invalidArgument("kind is required for filter: " + each.property());
      }
      Condition before = properties.getOrDefault(each.property(), Condition.NONE);
      properties.put(
          each.property(),
          each.operator() == Operator.EQUAL
              ? before.andEqual(exactly(each.property(), each.value()))
              : before.andWithin(valuesOf(each)));
    }
    return new Conjunction(paths, ancestor, properties);
  }

  private List<Interval> pathsOf(Comparison comparison) {
    if (comparison.operator() == Operator.HAS_ANCESTOR) {
      return List.of(Interval.startingWith(path(comparison.value())));
    }
    if (comparison.operator() == Operator.NOT_IN) {
      return excluding(
          elements(comparison.value(), "NOT_IN").stream()
              .map(value -> Interval.only(path(value)))
              .toList());
    }
    return compared(comparison.operator(), Interval.only(path(comparison.value())));
  }

  private List<Interval> valuesOf(Comparison comparison) {
    if (comparison.operator() == Operator.NOT_IN) {
      return excluding(
          elements(comparison.value(), "NOT_IN").stream()
              .map(value -> inOrder(comparison.property(), value))
              .toList());
    }
    return compared(comparison.operator(), inOrder(comparison.property(), comparison.value()));
  }

  /** What compares so with a point, given as the interval it takes in the order. */
  private static List<Interval> compared(Operator operator, Interval point) {
    Interval below = new Interval(Interval.UNBOUNDED, point.from());
    Interval above = new Interval(point.until(), Interval.UNBOUNDED);
    return switch (operator) {
      case LESS_THAN -> List.of(below);
      case LESS_THAN_OR_EQUAL -> List.of(new Interval(Interval.UNBOUNDED, point.until()));
      case GREATER_THAN -> List.of(above);
      case GREATER_THAN_OR_EQUAL -> List.of(new Interval(point.from(), Interval.UNBOUNDED));
      case NOT_EQUAL -> List.of(below, above);
      case EQUAL -> List.of(point);
      case IN, NOT_IN, HAS_ANCESTOR ->
          throw DatastoreException.invalidArgument("HAS_ANCESTOR is only for __key__");
    };
  }

  private static List<Interval> excluding(List<Interval> points) {
    if (points.size() > NOT_IN_VALUES_MAX) {
      throw DatastoreException.invalidArgument(
          "NOT_IN supports up to " + NOT_IN_VALUES_MAX + " values.");
    }
    List<Interval> rest = Interval.EVERYTHING;
    for (Interval each : points) {
      rest = Interval.intersect(rest, compared(Operator.NOT_EQUAL, each));
    }
    return rest;
  }

  private byte[] path(Value.Content value) {
    if (!(value instanceof Value.KeyValue(Key key))) {
      throw DatastoreException.invalidArgument("__key__ filter value must be a Key");
    }
    if (!key.partition().equals(partition)) {
      throw DatastoreException.invalidArgument(
          "The query namespace is '%s' but __key__ filter namespace is '%s'."
              .formatted(partition.namespace(), key.partition().namespace()));
    }
    byte[] row = KeyEncoding.entityKey(key);
    return Arrays.copyOfRange(row, KeyEncoding.partitionPrefix(partition).length, row.length);
  }

  private byte[] exactly(String property, Value.Content value) {
    checkIndexable(value);
    String name = kindName();
    byte[] prefix = IndexKeyEncoding.propertyPrefix(partition, name, property);
    byte[] whole = IndexKeyEncoding.propertyValuePrefix(partition, name, property, value);
    return Arrays.copyOfRange(whole, prefix.length, whole.length);
  }

  /** The interval of all values that are neither less nor greater, of whichever type. */
  private Interval inOrder(String property, Value.Content value) {
    checkIndexable(value);
    String name = kindName();
    byte[] prefix = IndexKeyEncoding.propertyPrefix(partition, name, property);
    byte[] whole = IndexKeyEncoding.propertyRangePrefix(partition, name, property, value);
    byte[] bytes = Arrays.copyOfRange(whole, prefix.length, whole.length);
    return new Interval(bytes, ByteOrder.afterPrefix(bytes));
  }

  private static void checkIndexable(Value.Content value) {
    if (value instanceof Value.ArrayValue) {
      throw DatastoreException.invalidArgument("A list value is not allowed");
    }
    if (value instanceof Value.EntityValue) {
      throw DatastoreException.invalidArgument("An entity value is not allowed");
    }
  }

  private String kindName() {
    if (kind == null) {
      throw DatastoreException.invalidArgument("kind is required for all property filters");
    }
    return kind;
  }
}

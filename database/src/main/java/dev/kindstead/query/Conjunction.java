package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.model.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that hold together, on encoded values: one disjunct of a filter. Immutable.
 *
 * @param paths where the path of the key lies
 * @param ancestor the path of the nearest ancestor asked for, null for none; {@code paths} has it
 *     too
 * @param properties the conditions on each property's values
 */
record Conjunction(
    List<Interval> paths, byte @Nullable [] ancestor, SortedMap<String, Condition> properties) {
  static final Conjunction TRUE = new Conjunction(Interval.EVERYTHING, null, new TreeMap<>());

  /**
   * Conditions on one property: each of {@code equals} is one of its values, and one of its values
   * lies in {@code within}. All range filters on a property meet in {@code within}, so that the
   * same element of an array must satisfy them; beside equality filters it is one of theirs.
   */
  record Condition(Set<Bytes> equals, List<Interval> within) {
    static final Condition NONE = new Condition(Set.of(), Interval.EVERYTHING);

    Condition andEqual(byte[] value) {
      Set<Bytes> more = new LinkedHashSet<>(equals);
      more.add(Bytes.of(value));
      return new Condition(more, within);
    }

    Condition andWithin(List<Interval> union) {
      return new Condition(equals, Interval.intersect(within, union));
    }

    boolean isRanged() {
      return within.size() != 1 || !within.getFirst().isAll();
    }

    boolean isImpossible() {
      return within.isEmpty()
          || (!equals.isEmpty()
              && equals.stream().noneMatch(each -> Interval.contains(within, each.array())));
    }

    /** Whether meeting the equality filters is not enough. */
    boolean hasOwnRange() {
      return isRanged() && equals.isEmpty();
    }

    boolean matches(List<byte[]> values) {
      for (Bytes each : equals) {
        if (!isAmong(values, each.array())) {
          return false;
        }
      }
      return !hasOwnRange() || values.stream().anyMatch(value -> Interval.contains(within, value));
    }

    private static boolean isAmong(List<byte[]> sorted, byte[] value) {
      for (int i = 0; i < sorted.size(); i++) {
        if (ByteOrder.UNSIGNED.compare(sorted.get(i), value) == 0) {
          return true;
        }
      }
      return false;
    }
  }

  boolean isImpossible() {
    return paths.isEmpty() || properties.values().stream().anyMatch(Condition::isImpossible);
  }

  boolean hasEqualities() {
    return properties.values().stream().anyMatch(each -> !each.equals().isEmpty());
  }

  /** Whether it asks for single keys, or for what stands under an ancestor. */
  boolean isNarrowByKey() {
    return ancestor != null || paths.stream().allMatch(Interval::isSingle);
  }

  boolean isConstant(String property) {
    return !condition(property).equals().isEmpty();
  }

  boolean isRanged(String property) {
    return condition(property).isRanged();
  }

  Condition condition(String property) {
    return properties.getOrDefault(property, Condition.NONE);
  }

  boolean matches(IndexedValues values) {
    if (!Interval.contains(paths, values.path())) {
      return false;
    }
    for (Map.Entry<String, Condition> each : properties.entrySet()) {
      if (!each.getValue().matches(values.of(each.getKey()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The values of a property that a result may stand at in an order: those that the filters let.
   */
  List<byte[]> eligible(String property, IndexedValues values) {
    if (property.equals(Query.KEY)) {
      return List.of(values.path());
    }
    Condition condition = condition(property);
    List<byte[]> eligible = new ArrayList<>();
    for (byte[] value : values.of(property)) {
      if ((condition.equals().isEmpty() || condition.equals().contains(Bytes.of(value)))
          && Interval.contains(condition.within(), value)) {
        eligible.add(value);
      }
    }
    return eligible;
  }
}

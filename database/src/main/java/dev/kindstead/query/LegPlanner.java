package dev.kindstead.query;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.DatabaseIndexes.ReadyIndex;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.PartitionId;
import dev.kindstead.query.Conjunction.Condition;
import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans one alternative of a filter over the indexes of a kind. Pure.
 *
 * <p>A leg in the results' order consists of ranges that all end in the same suffix: the orders
 * that no equality filter holds constant, and the key. Each range answers some of the equality
 * filters, together they answer all.
 */
final class LegPlanner {
  /** An equality filter. */
  private record Equality(String property, Bytes value) {}

  /** A range, which is made when it is chosen, and the filters that it answers. */
  private record Option(Supplier<IndexRange> range, Set<Equality> answered) {}

  private final PartitionId partition;
  private final String kind;
  private final Ordering ordering;
  private final DatabaseIndexes indexes;

  LegPlanner(PartitionId partition, String kind, Ordering ordering, DatabaseIndexes indexes) {
    this.partition = partition;
    this.kind = kind;
    this.ordering = ordering;
    this.indexes = indexes;
  }

  /** A leg that delivers the results' order; null when the indexes cannot. */
  @Nullable Leg inOrder(Conjunction conjunction) {
    List<Order> suffix = new ArrayList<>();
    List<byte @Nullable []> constants = new ArrayList<>();
    for (Order order : ordering.orders()) {
      Set<Bytes> equals = conjunction.condition(order.property()).equals();
      if (equals.size() > 1) {
        return null; // its place depends on more than entries tell
      }
      byte[] constant = equals.isEmpty() ? null : equals.iterator().next().array();
      constants.add(constant);
      if (constant == null) {
        suffix.add(order);
      }
    }
    List<IndexRange> ranges = cover(conjunction, suffix);
    return ranges == null ? null : new Leg(ranges, constants, hasResidual(conjunction, suffix));
  }

  /** A leg in the order of keys, by the equality filters, or of the kind if there are none. */
  Leg byKey(Conjunction conjunction) {
    boolean reverse = ordering.orders().getLast().descending();
    List<IndexRange> ranges = new ArrayList<>();
    for (Equality each : equalities(conjunction)) {
      ranges.add(
          IndexRanges.ofValue(
              partition, kind, each.property(), each.value(), reverse, conjunction.paths()));
    }
    if (ranges.isEmpty()) {
      ranges.add(IndexRanges.ofKind(partition, kind, reverse, conjunction.paths()));
    }
    return new Leg(ranges, List.of(), false);
  }

  /** A leg by the first of the orders, for all alternatives together. */
  Leg byFirstOrder(List<Interval> values, List<Interval> paths) {
    Order first = ordering.first();
    IndexRange range =
        first.property().equals(Query.KEY)
            ? IndexRanges.ofKind(partition, kind, first.descending(), paths)
            : IndexRanges.ofProperty(
                partition, kind, first.property(), first.descending(), values, paths);
    return new Leg(List.of(range), Collections.nCopies(ordering.size(), null), true);
  }

  /** Whether a range filter is on a property that no entry of the leg has. */
  private static boolean hasResidual(Conjunction conjunction, List<Order> suffix) {
    Set<String> seen = new HashSet<>();
    suffix.forEach(order -> seen.add(order.property()));
    for (Map.Entry<String, Condition> each : conjunction.properties().entrySet()) {
      if (each.getValue().hasOwnRange() && !seen.contains(each.getKey())) {
        return true;
      }
    }
    return false;
  }

  private static Set<Equality> equalities(Conjunction conjunction) {
    Set<Equality> equalities = new LinkedHashSet<>();
    conjunction
        .properties()
        .forEach((property, condition) ->
            condition.equals().forEach(value -> equalities.add(new Equality(property, value))));
    return equalities;
  }

  /** Ranges that answer all equality filters, those that answer most of them first. */
  private @Nullable List<IndexRange> cover(Conjunction conjunction, List<Order> suffix) {
    Set<Equality> open = equalities(conjunction);
    List<IndexRange> chosen = new ArrayList<>();
    while (!open.isEmpty() || chosen.isEmpty()) {
      Option best = null;
      for (Option each : options(conjunction, suffix, open)) {
        if (best == null || each.answered().size() > best.answered().size()) {
          best = each;
        }
      }
      if (best == null || (best.answered().isEmpty() && !open.isEmpty())) {
        return null;
      }
      chosen.add(best.range().get());
      open.removeAll(best.answered());
    }
    return chosen;
  }

  private List<Option> options(Conjunction conjunction, List<Order> suffix, Set<Equality> open) {
    List<Option> options = new ArrayList<>();
    for (ReadyIndex each : indexes.ready()) {
      Option option = composite(each.definition(), conjunction, suffix, open);
      if (option != null) {
        options.add(option);
      }
    }
    if (!indexes.strict() || !RequiredIndex.isRequired(ordering, conjunction)) {
      addBuiltIn(options, conjunction, suffix, open);
    }
    return options;
  }

  private void addBuiltIn(
      List<Option> options, Conjunction conjunction, List<Order> suffix, Set<Equality> open) {
    Order first = suffix.getFirst();
    List<Interval> paths = conjunction.paths();
    if (suffix.size() == 1) {
      if (open.isEmpty()) {
        options.add(
            new Option(
                () -> IndexRanges.ofKind(partition, kind, first.descending(), paths), Set.of()));
      } else {
        // Each filter's own index answers that one: the others' turn comes later.
        Equality next = open.iterator().next();
        options.add(
            new Option(
                () ->
                    IndexRanges.ofValue(
                        partition, kind, next.property(), next.value(), first.descending(), paths),
                Set.of(next)));
      }
    } else if (suffix.size() == 2 && suffix.getLast().descending() == first.descending()) {
      List<Interval> values = conjunction.condition(first.property()).within();
      options.add(
          new Option(
              () ->
                  IndexRanges.ofProperty(
                      partition, kind, first.property(), first.descending(), values, paths),
              Set.of()));
    }
  }

  /** The index as a range for this suffix; null when it has another order or other properties. */
  private @Nullable Option composite(
      IndexDefinition index, Conjunction conjunction, List<Order> suffix, Set<Equality> open) {
    List<IndexedProperty> properties = index.values();
    int fixed = properties.size() - (suffix.size() - 1);
    if (!index.kind().equals(kind)
        || fixed < 0
        || (index.ancestor() && conjunction.ancestor() == null)) {
      return null;
    }
    List<Bytes> equal = new ArrayList<>();
    Set<Equality> answered = new HashSet<>();
    for (IndexedProperty property : properties.subList(0, fixed)) {
      Bytes value = valueFor(property.name(), conjunction, open, answered);
      if (value == null) {
        return null;
      }
      equal.add(value);
      answered.add(new Equality(property.name(), value));
    }
    boolean reverse = suffix.getLast().descending() != index.isKeyDescending();
    List<List<Interval>> within = new ArrayList<>();
    for (int i = 0; i < suffix.size() - 1; i++) {
      IndexedProperty property = properties.get(fixed + i);
      Order order = suffix.get(i);
      if (!property.name().equals(order.property())
          || (order.descending() != property.descending()) != reverse) {
        return null;
      }
      within.add(conjunction.condition(order.property()).within());
    }
    within.add(conjunction.paths());
    byte[] ancestor = conjunction.ancestor() == null ? new byte[0] : conjunction.ancestor();
    answered.retainAll(open);
    return new Option(
        () -> IndexRanges.ofComposite(partition, index, ancestor, equal, reverse, within),
        answered);
  }

  /** A value that an equality filter fixes, rather one that is not answered yet. */
  private static @Nullable Bytes valueFor(
      String property, Conjunction conjunction, Set<Equality> open, Set<Equality> answered) {
    Bytes any = null;
    for (Bytes value : conjunction.condition(property).equals()) {
      var equality = new Equality(property, value);
      if (open.contains(equality) && !answered.contains(equality)) {
        return value;
      }
      any = value;
    }
    return any;
  }
}

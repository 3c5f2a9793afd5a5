package dev.kindstead.query;

import dev.kindstead.model.DatastoreException;
import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The total order of a query's results: its orders, those it implies, and at last the key, in the
 * direction of the order before it. Immutable.
 *
 * <p>Implied, in this turn: properties made distinct, properties with a range filter, projected
 * properties. An order on a property that an equality filter holds constant is dropped.
 */
record Ordering(List<Order> orders) implements Comparator<Position> {
  /** Properties before the key; a cursor counts its components in one byte. */
  static final int PROPERTIES_MAX = 100;

  Ordering {
    orders = List.copyOf(orders);
  }

  /** The order of a query when no index asks for another of {@link #alternatives}. */
  static Ordering of(Query query, List<Conjunction> conjunctions) {
    return new Implied(query, conjunctions).ordering(List.of());
  }

  /**
   * All orders that the query leaves open, the usual one first: properties that are only ranged
   * over or projected may come in any order, so that an index with another one will do.
   */
  static List<Ordering> alternatives(Query query, List<Conjunction> conjunctions) {
    Implied implied = new Implied(query, conjunctions);
    List<Ordering> all = new ArrayList<>();
    implied.permute(new ArrayList<>(), all);
    return all;
  }

  /** What a query says and implies of its order. */
  private static final class Implied {
    /** Properties whose order is free; with more of them there is one alternative. */
    private static final int FREE_MAX = 4;

    private final Query query;
    private final List<Conjunction> conjunctions;
    private final LinkedHashMap<String, Order> fixed = new LinkedHashMap<>();
    private final LinkedHashSet<String> free = new LinkedHashSet<>();
    private final boolean descending;

    Implied(Query query, List<Conjunction> conjunctions) {
      this.query = query;
      this.conjunctions = conjunctions;
      for (Order order : query.orders()) {
        fixed.putIfAbsent(order.property(), order);
        if (order.property().equals(Query.KEY)) {
          break;
        }
      }
      descending = !fixed.isEmpty() && fixed.lastEntry().getValue().descending();
      boolean byKey = fixed.containsKey(Query.KEY);
      for (String property : query.distinctOn()) {
        if (!property.equals(Query.KEY)) {
          fixed.putIfAbsent(property, new Order(property, descending));
        }
      }
      if (!byKey) {
        free.addAll(ranged(conjunctions));
      }
      free.addAll(query.projection());
      free.remove(Query.KEY);
      free.removeAll(fixed.keySet());
    }

    void permute(List<String> chosen, List<Ordering> all) {
      if (chosen.size() == free.size() || free.size() > FREE_MAX) {
        all.add(ordering(chosen));
        return;
      }
      for (String each : free) {
        if (!chosen.contains(each)) {
          chosen.add(each);
          permute(chosen, all);
          chosen.removeLast();
        }
      }
    }

    /** The order with the free properties in this order, those not named behind. */
    Ordering ordering(List<String> first) {
      LinkedHashMap<String, Order> orders = new LinkedHashMap<>(fixed);
      first.forEach(property -> orders.putIfAbsent(property, new Order(property, descending)));
      free.forEach(property -> orders.putIfAbsent(property, new Order(property, descending)));
      if (conjunctions.size() == 1) {
        Conjunction only = conjunctions.getFirst();
        orders
            .keySet()
            .removeIf(property -> only.isConstant(property) && !query.isExploded(property));
      }
      List<Order> all = new ArrayList<>(orders.values());
      if (all.isEmpty() || !all.getLast().property().equals(Query.KEY)) {
        all.add(new Order(Query.KEY, descending));
      }
      if (all.size() > PROPERTIES_MAX + 1) {
        throw DatastoreException.invalidArgument(
            "A query must not order by, project, group by and compare more than %d properties."
                .formatted(PROPERTIES_MAX));
      }
      return new Ordering(all);
    }
  }

  /** Properties with a range filter in every conjunction, by name. */
  private static List<String> ranged(List<Conjunction> conjunctions) {
    TreeSet<String> names = new TreeSet<>();
    for (Conjunction each : conjunctions) {
      names.addAll(each.properties().keySet());
    }
    names.removeIf(name -> !conjunctions.stream().allMatch(each -> each.isRanged(name)));
    return List.copyOf(names);
  }

  Order first() {
    return orders.getFirst();
  }

  int size() {
    return orders.size();
  }

  /** The component of a position that holds this property's value; -1 for none. */
  int indexOf(String property) {
    for (int i = 0; i < orders.size(); i++) {
      if (orders.get(i).property().equals(property)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether one scan, forwards or backwards, of entries sorted alike delivers this order. */
  boolean isOneDirection() {
    return orders.stream().allMatch(order -> order.descending() == first().descending());
  }

  /** The names and how the directions relate: the same for the order reversed as a whole. */
  String shape() {
    return orders.stream()
        .map(order -> (order.descending() == first().descending() ? "+" : "-") + order.property())
        .collect(Collectors.joining("\0"));
  }

  @Override
  public int compare(Position left, Position right) {
    return compare(left, right, orders.size());
  }

  /** Compares only the first {@code count} components. */
  int compare(Position left, Position right, int count) {
    for (int i = 0; i < count; i++) {
      int compared = Arrays.compareUnsigned(left.component(i), right.component(i));
      if (compared != 0) {
        return orders.get(i).descending() ? -compared : compared;
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return orders.stream()
        .map(order -> order.property() + (order.descending() ? " DESC" : " ASC"))
        .collect(Collectors.joining(", "));
  }
}

package dev.kindstead.query;

import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
  Ordering {
    orders = List.copyOf(orders);
  }

  static Ordering of(Query query, List<Conjunction> conjunctions) {
    LinkedHashMap<String, Order> orders = new LinkedHashMap<>();
    for (Order order : query.orders()) {
      orders.putIfAbsent(order.property(), order);
      if (order.property().equals(Query.KEY)) {
        break;
      }
    }
    boolean descending = !orders.isEmpty() && orders.lastEntry().getValue().descending();
    List<String> implied = new ArrayList<>(query.distinctOn());
    if (!orders.containsKey(Query.KEY)) {
      implied.addAll(ranged(conjunctions));
    }
    implied.addAll(query.projection());
    implied.removeIf(Query.KEY::equals);
    for (String property : implied) {
      orders.putIfAbsent(property, new Order(property, descending));
    }
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
    return new Ordering(all);
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

package dev.kindstead.query;

import dev.kindstead.encoding.ApiOrder;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.Content;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A plain evaluation of queries over decoded entities: no bytes, no indexes, no plans. Written from
 * the API's rules, to be compared with the product.
 */
final class QueryModel {
  /** A result: the entity, and what its projected properties show. */
  record Result(Key key, Map<String, Content> shown) {}

  private record Place(List<Content> values, Key key, Map<String, Content> shown) {}

  private final Query query;
  private final List<List<Comparison>> alternatives;
  private final List<Order> orders;

  private QueryModel(Query query, Ordering ordering) {
    this.query = query;
    alternatives = query.filter() == null ? List.of(List.of()) : expand(query.filter());
    orders = ordered(orders(), ordering);
  }

  /** All results in order, regardless of limit, offset and cursors. */
  static List<Result> results(Query query, Ordering ordering, Collection<Entity> entities) {
    QueryModel model = new QueryModel(query, ordering);
    List<Place> places = new ArrayList<>();
    for (Entity entity : entities) {
      if (Shelf.key(entity).partition().equals(query.partition())
          && (query.kind() == null || query.kind().equals(Shelf.key(entity).kind()))) {
        places.addAll(model.places(entity));
      }
    }
    places.sort(model.byOrders());
    List<Result> results = new ArrayList<>();
    Set<List<Content>> groups = new LinkedHashSet<>();
    for (Place place : places) {
      List<Content> group =
          query.distinctOn().stream().map(each -> place.values.get(model.indexOf(each))).toList();
      if (query.distinctOn().isEmpty() || groups.add(group)) {
        Map<String, Content> shown = new LinkedHashMap<>(place.shown);
        shown.keySet().retainAll(query.projection());
        shown.replaceAll((_, value) -> projected(value));
        results.add(new Result(place.key, shown));
      }
    }
    return results;
  }

  private int indexOf(String property) {
    return orders.stream().map(Order::property).toList().indexOf(property);
  }

  private static Content projected(Content value) {
    return value instanceof Value.TimestampValue(long micros)
        ? new Value.IntegerValue(micros)
        : value;
  }

  private static List<List<Comparison>> expand(Filter filter) {
    return switch (filter) {
      case Comparison(String property, Operator operator, Value.ArrayValue array)
          when operator == Operator.IN ->
          array.values().stream()
              .map(each -> List.of(new Comparison(property, Operator.EQUAL, each.content())))
              .toList();
      case Comparison comparison -> List.of(List.of(comparison));
      case Or or -> or.filters().stream().flatMap(each -> expand(each).stream()).toList();
      case And and -> {
        List<List<Comparison>> all = List.of(List.of());
        for (Filter each : and.filters()) {
          List<List<Comparison>> longer = new ArrayList<>();
          for (List<Comparison> one : all) {
            for (List<Comparison> other : expand(each)) {
              List<Comparison> both = new ArrayList<>(one);
              both.addAll(other);
              longer.add(both);
            }
          }
          all = longer;
        }
        yield all;
      }
    };
  }

  /**
   * The orders in the order that the planner has chosen, which is free in what is implied by ranges
   * and projections alone.
   */
  private List<Order> ordered(List<Order> usual, Ordering chosen) {
    int fixed = (int) Math.min(usual.size(), query.orders().size());
    List<Order> sorted = new ArrayList<>(usual);
    sorted
        .subList(fixed, usual.size())
        .sort(
            Comparator.comparingInt(order -> {
              int at = chosen.indexOf(order.property());
              return at < 0 ? usual.indexOf(order) - usual.size() : at;
            }));
    return sorted;
  }

  /** Explicit orders, then those implied, then the key. */
  private List<Order> orders() {
    List<Order> all = new ArrayList<>();
    boolean key = false;
    for (Order each : query.orders()) {
      if (!key) {
        all.add(each);
      }
      key |= each.property().equals(Query.KEY);
    }
    boolean descending = !all.isEmpty() && all.getLast().descending();
    List<String> implied = new ArrayList<>(query.distinctOn());
    if (!key) {
      TreeSet<String> ranged = new TreeSet<>(ranged(alternatives.getFirst()));
      alternatives.forEach(each -> ranged.retainAll(ranged(each)));
      implied.addAll(ranged);
    }
    implied.addAll(query.projection());
    for (String property : implied) {
      if (!property.equals(Query.KEY)
          && all.stream().noneMatch(order -> order.property().equals(property))) {
        all.add(new Order(property, descending));
      }
    }
    all.add(new Order(Query.KEY, descending));
    return all;
  }

  private static Set<String> ranged(List<Comparison> comparisons) {
    Set<String> properties = new TreeSet<>();
    for (Comparison each : comparisons) {
      if (each.operator() != Operator.EQUAL && !each.property().equals(Query.KEY)) {
        properties.add(each.property());
      }
    }
    return properties;
  }

  private Comparator<Place> byOrders() {
    return (one, other) -> {
      for (int i = 0; i < orders.size(); i++) {
        int compared = compare(one.values.get(i), other.values.get(i));
        if (compared != 0) {
          return orders.get(i).descending() ? -compared : compared;
        }
      }
      return 0;
    };
  }

  /** The API's order; what it merges is told apart by type, as the index does. */
  private static int compare(Content left, Content right) {
    int compared = ApiOrder.compareValues(left, right);
    return compared != 0 ? compared : Integer.compare(variant(left), variant(right));
  }

  private static int variant(Content value) {
    return value instanceof Value.TimestampValue || value instanceof Value.BlobValue ? 1 : 0;
  }

  private Collection<Place> places(Entity entity) {
    Map<Map<String, Content>, Place> first = new LinkedHashMap<>();
    for (List<Comparison> conditions : alternatives) {
      if (matches(entity, conditions)) {
        for (Place place : places(entity, conditions)) {
          first.merge(
              place.shown,
              place,
              (one, other) -> byOrders().compare(one, other) <= 0 ? one : other);
        }
      }
    }
    return first.values();
  }

  private List<Place> places(Entity entity, List<Comparison> conditions) {
    List<Place> places = List.of(new Place(List.of(), Shelf.key(entity), Map.of()));
    for (Order order : orders) {
      List<Content> values = eligible(entity, conditions, order.property());
      boolean exploded = query.isExploded(order.property());
      if (!exploded && !values.isEmpty()) {
        values = List.of(order.descending() ? values.getLast() : values.getFirst());
      }
      List<Place> longer = new ArrayList<>();
      for (Place place : places) {
        for (Content value : values) {
          List<Content> more = new ArrayList<>(place.values);
          more.add(value);
          Map<String, Content> shown = new LinkedHashMap<>(place.shown);
          if (exploded) {
            shown.put(order.property(), value);
          }
          longer.add(new Place(more, place.key, shown));
        }
      }
      places = longer;
    }
    return places;
  }

  private static List<Content> eligible(
      Entity entity, List<Comparison> conditions, String property) {
    List<Content> eligible = new ArrayList<>();
    List<Comparison> equal = on(property, conditions, true);
    for (Content value : values(entity, property)) {
      boolean isEqual =
          property.equals(Query.KEY)
              || equal.isEmpty()
              || equal.stream().anyMatch(each -> each.value().equals(value));
      if (isEqual
          && (property.equals(Query.KEY)
              || on(property, conditions, false).stream()
                  .allMatch(each -> satisfies(value, each)))) {
        eligible.add(value);
      }
    }
    return eligible;
  }

  private static List<Comparison> on(
      String property, List<Comparison> conditions, boolean equalities) {
    return conditions.stream()
        .filter(each -> each.property().equals(property))
        .filter(each -> (each.operator() == Operator.EQUAL) == equalities)
        .toList();
  }

  /**
   * Equalities may be met by different elements, ranges on a property by one and the same, which is
   * one of the equal ones if there are any.
   */
  private static boolean matches(Entity entity, List<Comparison> conditions) {
    for (Comparison each : conditions) {
      List<Content> values = values(entity, each.property());
      boolean met =
          each.operator() == Operator.EQUAL
              ? values.contains(each.value())
              : values.stream()
                  .anyMatch(value ->
                      on(each.property(), conditions, false).stream()
                          .allMatch(range -> satisfies(value, range)));
      if (!met || eligible(entity, conditions, each.property()).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static boolean satisfies(Content value, Comparison range) {
    if (range.operator() == Operator.HAS_ANCESTOR) {
      Key ancestor = ((Value.KeyValue) range.value()).key();
      Key key = ((Value.KeyValue) value).key();
      return key.path().size() >= ancestor.path().size()
          && key.path().subList(0, ancestor.path().size()).equals(ancestor.path());
    }
    if (range.operator() == Operator.NOT_IN) {
      return ((Value.ArrayValue) range.value())
          .values().stream().allMatch(each -> ApiOrder.compareValues(value, each.content()) != 0);
    }
    int compared = ApiOrder.compareValues(value, range.value());
    return switch (range.operator()) {
      case LESS_THAN -> compared < 0;
      case LESS_THAN_OR_EQUAL -> compared <= 0;
      case GREATER_THAN -> compared > 0;
      case GREATER_THAN_OR_EQUAL -> compared >= 0;
      case NOT_EQUAL -> compared != 0;
      case EQUAL, IN, NOT_IN, HAS_ANCESTOR -> throw new IllegalArgumentException("no range");
    };
  }

  /** What the index knows of a property, distinct, in order. */
  static List<Content> values(Entity entity, String property) {
    if (property.equals(Query.KEY)) {
      return List.of(new Value.KeyValue(Shelf.key(entity)));
    }
    TreeSet<Content> found = new TreeSet<>(QueryModel::compare);
    collect(entity, "", property, found);
    return List.copyOf(found);
  }

  private static void collect(Entity entity, String prefix, String wanted, Set<Content> found) {
    entity
        .properties()
        .forEach((name, value) -> {
          String property = prefix + name;
          if (wanted.equals(property) || wanted.startsWith(property + ".")) {
            collect(property, value, wanted, found);
          }
        });
  }

  private static void collect(String property, Value value, String wanted, Set<Content> found) {
    if (value.excludeFromIndexes()) {
      return;
    }
    switch (value.content()) {
      case Value.EntityValue nested -> collect(nested.entity(), property + ".", wanted, found);
      case Value.ArrayValue array ->
          array.values().forEach(each -> collect(property, each, wanted, found));
      default -> {
        if (property.equals(wanted)) {
          found.add(value.content());
        }
      }
    }
  }
}

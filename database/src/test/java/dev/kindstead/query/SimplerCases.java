package dev.kindstead.query;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cases that lack one thing of another case, those first that lack most. Some of their queries
 * are illegal; whoever tries them finds that out.
 */
final class SimplerCases {
  private final QueryCase from;
  private final Query query;
  private final List<QueryCase> cases = new ArrayList<>();

  private SimplerCases(QueryCase from) {
    this.from = from;
    query = from.query();
  }

  static List<QueryCase> of(QueryCase from) {
    SimplerCases simpler = new SimplerCases(from);
    simpler.addAsked();
    simpler.addEntities();
    simpler.addIndexes();
    simpler.addQueries();
    simpler.addProperties();
    return simpler.cases;
  }

  private void addAsked() {
    Integer page = from.page();
    Integer at = from.at();
    if (from.shards() > 1) {
      cases.add(from.asked(1, page, at));
    }
    if (page != null) {
      cases.add(from.asked(from.shards(), null, at));
      below(page, 1).forEach(each -> cases.add(from.asked(from.shards(), each, at)));
    }
    if (at != null) {
      cases.add(from.asked(from.shards(), page, null));
      below(at, 0).forEach(each -> cases.add(from.asked(from.shards(), page, each)));
    }
  }

  private static List<Integer> below(int number, int least) {
    return number == least
        ? List.of()
        : List.of(least, Math.max(least, number / 2), number - 1).stream().distinct().toList();
  }

  private void addEntities() {
    without(from.entities()).forEach(fewer -> cases.add(from.withEntities(fewer)));
  }

  private void addIndexes() {
    DatabaseIndexes indexes = from.indexes();
    without(indexes.ready())
        .forEach(
            fewer -> cases.add(from.withIndexes(new DatabaseIndexes(indexes.strict(), fewer))));
  }

  private void addQueries() {
    Filter filter = query.filter();
    if (filter != null) {
      addQuery(query.projection(), null, query.orders(), query.distinctOn());
      simpler(filter)
          .forEach(each -> addQuery(query.projection(), each, query.orders(), query.distinctOn()));
    }
    without(query.orders())
        .forEach(fewer -> addQuery(query.projection(), filter, fewer, query.distinctOn()));
    without(query.projection())
        .forEach(fewer -> addQuery(fewer, filter, query.orders(), query.distinctOn()));
    without(query.distinctOn())
        .forEach(fewer -> addQuery(query.projection(), filter, query.orders(), fewer));
    if (query.limit() != null || query.offset() > 0) {
      cases.add(from.withQuery(SideBySide.with(query, new byte[0], new byte[0], 0, null)));
    }
  }

  private void addQuery(
      List<String> projection,
      @Nullable Filter filter,
      List<Query.Order> orders,
      List<String> distinctOn) {
    cases.add(
        from.withQuery(
            new Query(
                query.partition(),
                query.kind(),
                projection,
                filter,
                orders,
                distinctOn,
                query.startCursor(),
                query.endCursor(),
                query.offset(),
                query.limit())));
  }

  private void addProperties() {
    for (int i = 0; i < from.entities().size(); i++) {
      for (Entity simpler : simpler(from.entities().get(i))) {
        cases.add(from.withEntities(replaced(from.entities(), i, simpler)));
      }
    }
  }

  private static List<Filter> simpler(Filter filter) {
    return switch (filter) {
      case And(List<Filter> filters) -> simpler(filters, And::new);
      case Or(List<Filter> filters) -> simpler(filters, Or::new);
      case Comparison(String property, Operator operator, Value.ArrayValue array)
          when array.values().size() > 1 ->
          without(array.values()).stream()
              .filter(fewer -> !fewer.isEmpty())
              .<Filter>map(fewer -> new Comparison(property, operator, new Value.ArrayValue(fewer)))
              .toList();
      case Comparison(String property, Operator operator, Value.ArrayValue array)
          when operator == Operator.IN ->
          List.of(new Comparison(property, Operator.EQUAL, array.values().getFirst().content()));
      case Comparison _ -> List.of();
    };
  }

  private static List<Filter> simpler(
      List<Filter> filters, Function<List<Filter>, Filter> together) {
    List<Filter> simpler = new ArrayList<>(filters);
    for (List<Filter> fewer : without(filters)) {
      if (fewer.size() > 1) {
        simpler.add(together.apply(fewer));
      }
    }
    for (int i = 0; i < filters.size(); i++) {
      for (Filter part : simpler(filters.get(i))) {
        simpler.add(together.apply(replaced(filters, i, part)));
      }
    }
    return simpler;
  }

  private static List<Entity> simpler(Entity entity) {
    List<Entity> simpler = new ArrayList<>();
    entity
        .properties()
        .forEach((name, value) -> {
          Map<String, Value> fewer = new LinkedHashMap<>(entity.properties());
          fewer.remove(name);
          simpler.add(new Entity(entity.key(), fewer));
          for (Value.Content content : simpler(value.content())) {
            Map<String, Value> other = new LinkedHashMap<>(entity.properties());
            other.put(name, new Value(content, value.meaning(), value.excludeFromIndexes()));
            simpler.add(new Entity(entity.key(), other));
          }
        });
    return simpler;
  }

  private static List<Value.Content> simpler(Value.Content content) {
    return switch (content) {
      case Value.ArrayValue(List<Value> values) ->
          without(values).stream().<Value.Content>map(Value.ArrayValue::new).toList();
      case Value.EntityValue(Entity nested) ->
          simpler(nested).stream().<Value.Content>map(Value.EntityValue::new).toList();
      default -> List.of();
    };
  }

  /** The list without a half of it, without a quarter, and so on down to one element. */
  private static <T> List<List<T>> without(List<T> list) {
    List<List<T>> shorter = new ArrayList<>();
    for (int length = list.size(); length > 0; length /= 2) {
      for (int start = 0; start < list.size(); start += length) {
        List<T> fewer = new ArrayList<>(list.subList(0, start));
        fewer.addAll(list.subList(Math.min(start + length, list.size()), list.size()));
        shorter.add(fewer);
      }
    }
    return shorter;
  }

  private static <T> List<T> replaced(List<T> list, int index, T other) {
    List<T> changed = new ArrayList<>(list);
    changed.set(index, other);
    return changed;
  }
}

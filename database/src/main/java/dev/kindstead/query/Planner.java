package dev.kindstead.query;

import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import dev.kindstead.query.Scan.ByKey;
import dev.kindstead.query.Scan.ByValue;
import dev.kindstead.query.Scan.InKeyOrder;
import dev.kindstead.storage.Space;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the scan that drives a query: pure, from the query alone. Equality filters, which leave
 * few candidates, come first; then the order, which lets a limit end the scan; then the kind.
 */
final class Planner {
  private final Query query;
  private final List<Conjunction> conjunctions;
  private final Rows rows;
  private final @Nullable Key group;

  private Planner(Query query) {
    this.query = query;
    conjunctions = DisjunctiveForm.of(query.partition(), query.kind(), query.filter());
    rows = new Rows(query, Ordering.of(query, conjunctions), conjunctions);
    group = groupOf(query.filter());
  }

  static Plan plan(Query query) {
    QueryRules.check(query);
    return new Planner(query).plan();
  }

  private Plan plan() {
    if (conjunctions.isEmpty()) {
      return new Plan.Nothing(rows);
    }
    String kind = query.kind();
    if (kind == null) {
      ByKey entities =
          new ByKey(
              "entities",
              null,
              Space.CURRENT,
              Bytes.of(KeyEncoding.partitionPrefix(query.partition())),
              paths());
      return new Plan.Streamed(rows, group, entities, false);
    }
    Ordering ordering = rows.ordering();
    boolean byKey = ordering.size() == 1;
    InKeyOrder equal = equalities(kind);
    if (equal != null) {
      return byKey
          ? new Plan.Streamed(rows, group, equal, !isAnsweredByEqualities())
          : new Plan.Sorted(rows, group, equal, false);
    }
    String first = ordering.first().property();
    if (first.equals(Query.KEY)) {
      ByKey entries =
          new ByKey(
              "kind " + kind,
              null,
              Space.INDEX,
              Bytes.of(IndexKeyEncoding.kindPrefix(query.partition(), kind)),
              paths());
      return byKey
          ? new Plan.Streamed(rows, group, entries, !isFree(null))
          : new Plan.Sorted(rows, group, entries, false);
    }
    ByValue entries =
        new ByValue(
            first,
            Bytes.of(IndexKeyEncoding.propertyPrefix(query.partition(), kind, first)),
            valuesOf(first),
            paths());
    return ordering.size() == 2
            && ordering.isOneDirection()
            && ordering.orders().getLast().property().equals(Query.KEY)
        ? new Plan.Streamed(rows, group, entries, !isFree(first))
        : new Plan.Sorted(rows, group, entries, true);
  }

  /** A scan by the equality filters, when every disjunct has one. */
  private @Nullable InKeyOrder equalities(String kind) {
    List<InKeyOrder> alternatives = new ArrayList<>();
    for (Conjunction each : conjunctions) {
      List<ByKey> parts = new ArrayList<>();
      each.properties()
          .forEach((property, condition) -> {
            byte[] prefix = IndexKeyEncoding.propertyPrefix(query.partition(), kind, property);
            for (Bytes value : condition.equals()) {
              parts.add(
                  new ByKey(
                      "index of " + property + " = " + value,
                      property,
                      Space.INDEX,
                      Bytes.of(Interval.concat(prefix, value.array())),
                      each.paths()));
            }
          });
      if (parts.isEmpty()) {
        return null;
      }
      alternatives.add(parts.size() == 1 ? parts.getFirst() : new Scan.Intersection(parts));
    }
    return alternatives.size() == 1 ? alternatives.getFirst() : new Scan.Union(alternatives);
  }

  private boolean isAnsweredByEqualities() {
    return conjunctions.stream()
        .flatMap(each -> each.properties().values().stream())
        .noneMatch(Conjunction.Condition::isRanged);
  }

  /** Whether no condition remains beside those on the key and on this property's range. */
  private boolean isFree(@Nullable String property) {
    return conjunctions.size() == 1
        && conjunctions.getFirst().properties().entrySet().stream()
            .allMatch(each -> each.getKey().equals(property) && each.getValue().equals().isEmpty());
  }

  private List<Interval> paths() {
    return union(conjunctions.stream().map(Conjunction::paths).toList());
  }

  private List<Interval> valuesOf(String property) {
    return union(conjunctions.stream().map(each -> each.condition(property).within()).toList());
  }

  /** Exact for one disjunct, the hull for several: what is too much, the residual removes. */
  private static List<Interval> union(List<List<Interval>> alternatives) {
    return alternatives.size() == 1
        ? alternatives.getFirst()
        : List.of(Interval.hull(alternatives.stream().flatMap(List::stream).toList()));
  }

  private static @Nullable Key groupOf(@Nullable Filter filter) {
    return switch (filter) {
      case Comparison(String property, Operator operator, Value.Content value)
          when property.equals(Query.KEY)
              && value instanceof Value.KeyValue(Key key)
              && (operator == Operator.HAS_ANCESTOR || operator == Operator.EQUAL) ->
          key;
      case And(List<Filter> filters) -> {
        for (Filter each : filters) {
          Key key = groupOf(each);
          if (key != null) {
            yield key;
          }
        }
        yield null;
      }
      case Comparison _, Or _ -> null;
      case null -> null;
    };
  }
}

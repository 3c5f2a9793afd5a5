package dev.kindstead.query;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what a query walks: pure, from the query and the indexes alone. Every alternative of the
 * filter is a {@link Leg}. When all legs can deliver the order, results stream; else, unless the
 * indexes are strict, the candidates of the most selective filters are sorted.
 */
final class Planner {
  private final Query query;
  private final DatabaseIndexes indexes;
  private final List<Conjunction> conjunctions;
  private final Rows rows;
  private final @Nullable Key group;

  private Planner(Query query, DatabaseIndexes indexes) {
    this.query = query;
    this.indexes = indexes;
    List<Conjunction> all = DisjunctiveForm.of(query.partition(), query.kind(), query.filter());
    conjunctions = all.stream().filter(each -> !each.isImpossible()).toList();
    // An order that filters imply is one that all of them imply as they are written.
    rows = new Rows(query, Ordering.of(query, all), conjunctions);
    group = groupOf(query.filter());
  }

  /** FAILED_PRECONDITION when the indexes are strict and one is missing. */
  static Plan plan(Query query, DatabaseIndexes indexes) {
    QueryRules.check(query);
    return new Planner(query, indexes).plan();
  }

  /** A plan that results stream by from composite indexes alone; null when there is none. */
  static @Nullable Plan overComposites(Query query, DatabaseIndexes indexes) {
    QueryRules.check(query);
    Planner planner = new Planner(query, new DatabaseIndexes(false, indexes.ready()));
    List<Leg> legs = query.kind() == null ? null : planner.ordered(query.kind());
    return legs != null && !legs.isEmpty() && legs.stream().allMatch(Leg::isOverComposites)
        ? new Plan.Streamed(planner.rows, planner.group, legs)
        : null;
  }

  private Plan plan() {
    if (conjunctions.isEmpty()) {
      return new Plan.Nothing(rows);
    }
    String kind = query.kind();
    if (kind == null) {
      return new Plan.Streamed(rows, group, List.of(entities()));
    }
    List<Leg> ordered = ordered(kind);
    return ordered == null ? withoutOrder(legs(kind)) : new Plan.Streamed(rows, group, ordered);
  }

  private LegPlanner legs(String kind) {
    return new LegPlanner(query.partition(), kind, rows.ordering(), indexes);
  }

  /** Legs in the order of the results; null when the indexes cannot, and need not. */
  private @Nullable List<Leg> ordered(String kind) {
    LegPlanner planner = legs(kind);
    List<Leg> ordered = new ArrayList<>();
    for (Conjunction each : conjunctions) {
      Leg leg = planner.inOrder(each);
      if (leg == null) {
        if (indexes.strict()) {
          throw RequiredIndex.of(kind, rows.ordering(), each).missing();
        }
        return null;
      }
      ordered.add(leg);
    }
    return ordered;
  }

  /** Equality filters, which leave few candidates, come first; then the first of the orders. */
  private Plan withoutOrder(LegPlanner legs) {
    if (conjunctions.stream().allMatch(Conjunction::hasEqualities)) {
      return new Plan.Sorted(rows, group, conjunctions.stream().map(legs::byKey).toList(), null);
    }
    Ordering ordering = rows.ordering();
    String first = ordering.first().property();
    Leg leg = legs.byFirstOrder(unionOf(first), paths());
    boolean isWholeOrder =
        ordering.size() == 2
            && ordering.isOneDirection()
            && ordering.orders().getLast().property().equals(Query.KEY);
    return isWholeOrder
        ? new Plan.Streamed(rows, group, List.of(leg))
        : new Plan.Sorted(rows, group, List.of(leg), first);
  }

  private Leg entities() {
    return new Leg(
        List.of(IndexRanges.entities(query.partition(), paths())),
        Collections.singletonList(null),
        false);
  }

  private List<Interval> paths() {
    return union(conjunctions.stream().map(Conjunction::paths).toList());
  }

  private List<Interval> unionOf(String property) {
    return union(conjunctions.stream().map(each -> each.condition(property).within()).toList());
  }

  /** Exact for one alternative, the hull for several: what is too much, the residual removes. */
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

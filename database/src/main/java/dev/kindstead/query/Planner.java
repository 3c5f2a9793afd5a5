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

  private Planner(
      Query query, DatabaseIndexes indexes, List<Conjunction> conjunctions, Ordering ordering) {
    this.query = query;
    this.indexes = indexes;
    this.conjunctions = conjunctions;
    rows = new Rows(query, ordering, conjunctions);
    group = groupOf(query.filter());
  }

  /** FAILED_PRECONDITION when the indexes are strict and one is missing. */
  static Plan plan(Query query, DatabaseIndexes indexes) {
    List<Planner> planners = of(query, indexes);
    Planner usual = planners.getFirst();
    if (usual.conjunctions.isEmpty()) {
      return new Plan.Nothing(usual.rows);
    }
    String kind = query.kind();
    if (kind == null) {
      return new Plan.Streamed(
          usual.rows, usual.group, usual.conjunctions.stream().map(usual::entities).toList());
    }
    for (Planner each : planners) {
      List<Leg> legs = each.inOrder(kind);
      if (legs != null && (indexes.strict() || !each.isNarrowerByKey(legs))) {
        return new Plan.Streamed(each.rows, each.group, legs);
      }
    }
    if (indexes.strict()) {
      List<RequiredIndex> required = RequiredIndex.of(usual.rows);
      throw (required.isEmpty()
              ? RequiredIndex.of(kind, usual.rows.ordering(), usual.conjunctions.getFirst())
              : required.getFirst())
          .missing();
    }
    return usual.withoutOrder(usual.legs(kind));
  }

  /** A plan that results stream by from composite indexes alone; null when there is none. */
  static @Nullable Plan overComposites(Query query, DatabaseIndexes indexes) {
    Planner planner = of(query, indexes).getFirst();
    List<Leg> legs = query.kind() == null ? null : planner.inOrder(query.kind());
    return legs != null && !legs.isEmpty() && legs.stream().allMatch(Leg::isOverComposites)
        ? new Plan.Streamed(planner.rows, planner.group, legs)
        : null;
  }

  /** One for each order of results that the query leaves open and an index may have. */
  private static List<Planner> of(Query query, DatabaseIndexes indexes) {
    QueryRules.check(query);
    List<Conjunction> all = DisjunctiveForm.of(query.partition(), query.kind(), query.filter());
    List<Conjunction> possible = all.stream().filter(each -> !each.isImpossible()).toList();
    // An order that filters imply is one that all of them imply as they are written.
    List<Ordering> orderings =
        indexes.ready().isEmpty()
            ? List.of(Ordering.of(query, all))
            : Ordering.alternatives(query, all);
    return orderings.stream()
        .map(ordering -> new Planner(query, indexes, possible, ordering))
        .toList();
  }

  private LegPlanner legs(String kind) {
    return new LegPlanner(query.partition(), kind, rows.ordering(), indexes);
  }

  /** Legs in the order of the results; null when the indexes cannot. */
  private @Nullable List<Leg> inOrder(String kind) {
    LegPlanner planner = legs(kind);
    List<Leg> ordered = new ArrayList<>();
    for (Conjunction each : conjunctions) {
      Leg leg = planner.inOrder(each);
      if (leg == null) {
        return null;
      }
      ordered.add(leg);
    }
    return ordered;
  }

  /**
   * Whether few entities are asked for by their keys, as those under an ancestor are, while the
   * legs would walk an index of all: then sorting the few costs less.
   */
  private boolean isNarrowerByKey(List<Leg> legs) {
    return conjunctions.stream().allMatch(Conjunction::isNarrowByKey)
        && legs.stream().anyMatch(Leg::walksWholeIndex);
  }

  /** What leaves few candidates comes first: equality filters and keys; then the first order. */
  private Plan withoutOrder(LegPlanner legs) {
    if (conjunctions.stream().allMatch(each -> each.hasEqualities() || each.isNarrowByKey())) {
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

  private Leg entities(Conjunction conjunction) {
    return new Leg(
        List.of(IndexRanges.entities(query.partition(), conjunction.paths())),
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

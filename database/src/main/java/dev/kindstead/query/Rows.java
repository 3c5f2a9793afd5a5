package dev.kindstead.query;

import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The meaning of a query, one entity at a time: at which positions it stands in the results, if at
 * all. Execution may only take short cuts to the same answer. Immutable.
 *
 * <p>An entity stands once, by its first eligible value of each order; a property that is projected
 * or made distinct gives one result for each of its eligible values (all combinations, for
 * several). An entity that satisfies several disjuncts stands at the first of its positions.
 */
record Rows(Query query, Ordering ordering, List<Conjunction> conjunctions) {
  Collection<Position> of(IndexedValues values) {
    Map<Position, Position> firsts = new HashMap<>();
    for (Conjunction conjunction : conjunctions) {
      if (conjunction.matches(values)) {
        for (Position position : positions(conjunction, values)) {
          firsts.merge(
              exploded(position),
              position,
              (one, other) -> ordering.compare(one, other) <= 0 ? one : other);
        }
      }
    }
    return firsts.values();
  }

  /** Whether an array's entity may stand at another element than the one it was met by. */
  boolean dependsOnElements() {
    for (Query.Order order : ordering.orders()) {
      if (!order.property().equals(Query.KEY) && !query.isExploded(order.property())) {
        return true;
      }
    }
    return false;
  }

  /** What distinguishes several results of one entity. */
  private Position exploded(Position position) {
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < ordering.size(); i++) {
      if (query.isExploded(ordering.orders().get(i).property())) {
        parts.add(position.component(i));
      }
    }
    return Position.of(parts);
  }

  private List<Position> positions(Conjunction conjunction, IndexedValues values) {
    List<List<byte[]>> found = List.of(List.of());
    for (Query.Order order : ordering.orders()) {
      List<byte[]> eligible = conjunction.eligible(order.property(), values);
      if (eligible.isEmpty()) {
        return List.of();
      }
      if (!query.isExploded(order.property())) {
        eligible = List.of(order.descending() ? eligible.getLast() : eligible.getFirst());
      }
      if ((long) found.size() * eligible.size() > CompositeIndexes.ENTRIES_MAX) {
        throw new DatastoreException(
            Code.RESOURCE_EXHAUSTED,
            "an entity makes more than %d results of this query: project fewer lists"
                .formatted(CompositeIndexes.ENTRIES_MAX));
      }
      List<List<byte[]>> longer = new ArrayList<>();
      for (List<byte[]> start : found) {
        for (byte[] value : eligible) {
          List<byte[]> next = new ArrayList<>(start);
          next.add(value);
          longer.add(next);
        }
      }
      found = longer;
    }
    return found.stream().map(Position::of).toList();
  }
}

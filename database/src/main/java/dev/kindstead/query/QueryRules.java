package dev.kindstead.query;

import dev.kindstead.encoding.IndexEntryWriter;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes no sense together in one query, with the texts of the original. */
final class QueryRules {
  private QueryRules() {}

  static void check(Query query) {
    if (query.kind() == null) {
      checkKindless(query);
    }
    List<Comparison> comparisons = new ArrayList<>();
    collect(query.filter(), comparisons);
    long negations =
        comparisons.stream()
            .filter(
                each -> each.operator() == Operator.NOT_EQUAL || each.operator() == Operator.NOT_IN)
            .count();
    if (negations > 1) {
      throw DatastoreException.invalidArgument(
          "Only a single 'NOT_EQUAL' or 'NOT_IN' is allowed per query.");
    }
    for (Comparison each : comparisons) {
      boolean fixed = each.operator() == Operator.EQUAL || each.operator() == Operator.IN;
      if (fixed
          && !each.property().equals(Query.KEY)
          && query.projection().contains(each.property())) {
        throw DatastoreException.invalidArgument(
            "Cannot use projection on a property with an equality filter.");
      }
    }
    checkDistinct(query);
    checkScatter(query, comparisons);
  }

  /** The sample that splits queries is no property: it can be ordered by, and nothing else. */
  private static void checkScatter(Query query, List<Comparison> comparisons) {
    if (query.isExploded(IndexEntryWriter.SCATTER)
        || comparisons.stream()
            .anyMatch(each -> each.property().equals(IndexEntryWriter.SCATTER))) {
      throw DatastoreException.invalidArgument(
          "The property.name \"%s\" is reserved: it is only for orders."
              .formatted(IndexEntryWriter.SCATTER));
    }
  }

  private static void collect(@Nullable Filter filter, List<Comparison> into) {
    switch (filter) {
      case Comparison comparison -> into.add(comparison);
      case And(List<Filter> filters) -> filters.forEach(each -> collect(each, into));
      case Or(List<Filter> filters) -> filters.forEach(each -> collect(each, into));
      case null -> {}
    }
  }

  private static void checkKindless(Query query) {
    for (Query.Order order : query.orders()) {
      if (!order.property().equals(Query.KEY) || order.descending()) {
        throw DatastoreException.invalidArgument(
            "kind is required for all orders except __key__ ascending");
      }
    }
    for (String property : query.projection()) {
      if (!property.equals(Query.KEY)) {
        throw DatastoreException.invalidArgument("kind is required for projection: " + property);
      }
    }
    for (String property : query.distinctOn()) {
      throw DatastoreException.invalidArgument("kind is required for distinct on: " + property);
    }
  }

  private static void checkDistinct(Query query) {
    Set<String> ungrouped = new HashSet<>(query.distinctOn());
    for (Query.Order order : query.orders()) {
      if (!ungrouped.remove(order.property()) && !ungrouped.isEmpty()) {
        throw DatastoreException.invalidArgument(
            "All group by properties must be ordered before any non group by properties.");
      }
    }
  }
}

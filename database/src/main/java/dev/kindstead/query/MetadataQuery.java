package dev.kindstead.query;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.transaction.ReadSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query of a {@link MetadataKind}. Such queries know filters on {@code __key__} and its ascending
 * order, and the projection of {@code property_representation}. Immutable.
 *
 * @param rows for the order and the cursors
 * @param within where all paths lie that the filter lets
 * @param shards all of them: any may hold entries of any name
 */
record MetadataQuery(MetadataKind kind, Rows rows, Interval within, int[] shards, Clock clock)
    implements Queries.Prepared {
  static final String REPRESENTATION = "property_representation";

  /** All of them, in the order of values. */
  static final List<String> REPRESENTATIONS =
      List.of("NULL", "INT64", "BOOLEAN", "STRING", "DOUBLE", "POINT", "REFERENCE");

  /** INVALID_ARGUMENT: what metadata queries do not know. */
  static MetadataQuery of(MetadataKind kind, Query query, int[] shards, Clock clock) {
    check(kind, query);
    List<Conjunction> conjunctions =
        DisjunctiveForm.of(query.partition(), query.kind(), query.filter());
    List<Interval> paths = new ArrayList<>();
    for (Conjunction each : conjunctions) {
      paths.addAll(each.paths());
    }
    Interval within =
        paths.isEmpty() ? new Interval(Interval.UNBOUNDED, new byte[1]) : Interval.hull(paths);
    Ordering byKey = new Ordering(List.of(new Query.Order(Query.KEY, false)));
    return new MetadataQuery(kind, new Rows(query, byKey, conjunctions), within, shards, clock);
  }

  private static void check(MetadataKind kind, Query query) {
    for (Filter.Comparison each : comparisons(query.filter())) {
      if (!each.property().equals(Query.KEY)) {
        throw refused(kind, "only filters on __key__, not on " + each.property());
      }
    }
    for (Query.Order each : query.orders()) {
      if (!each.property().equals(Query.KEY) || each.descending()) {
        throw refused(kind, "only the order __key__ ascending");
      }
    }
    for (String each : query.projection()) {
      boolean known = kind == MetadataKind.PROPERTY && each.equals(REPRESENTATION);
      if (!known && !each.equals(Query.KEY)) {
        throw refused(kind, "no projection of " + each);
      }
    }
    if (!query.distinctOn().isEmpty()) {
      throw refused(kind, "no distinct on");
    }
  }

  private static List<Filter.Comparison> comparisons(@Nullable Filter filter) {
    return switch (filter) {
      case null -> List.of();
      case Filter.Comparison comparison -> List.of(comparison);
      case Filter.And(List<Filter> filters) ->
          filters.stream().flatMap(each -> comparisons(each).stream()).toList();
      case Filter.Or(List<Filter> filters) ->
          filters.stream().flatMap(each -> comparisons(each).stream()).toList();
    };
  }

  static DatastoreException refused(MetadataKind kind, String what) {
    return DatastoreException.invalidArgument("a query of kind " + kind + " supports " + what);
  }

  @Override
  public QueryBatch run(
      ReadSession session, @Nullable List<PropertyPath> mask, boolean looksAhead) {
    return new MetadataExecution(this, session, mask, looksAhead).run();
  }

  @Override
  public List<RequiredIndex> indexesRequired() {
    return List.of();
  }

  @Override
  public List<IndexUse> indexesUsed() {
    return List.of(new IndexUse("(__name__ ASC)", false));
  }

  @Override
  public Aggregated aggregate(ReadSession session, List<Aggregation> aggregations) {
    throw refused(kind, "no aggregations");
  }

  /** Whether the filter lets an entity at this path. */
  boolean matches(byte[] path) {
    return rows.conjunctions().stream().anyMatch(each -> Interval.contains(each.paths(), path));
  }
}

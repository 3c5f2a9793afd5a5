package dev.kindstead.query;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.ReadSession;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates over all results of a plan, from index entries alone where they hold what is asked.
 * Made for one use, confined to one thread; may wait for the disk.
 */
final class Aggregating {
  private final Plan plan;
  private final Query query;
  private final Execution execution;
  private final Reading reading;
  private final int[] shards;
  private final List<Tally> tallies;

  Aggregating(
      Plan plan, ReadSession session, int[] shards, Clock clock, List<Aggregation> aggregations) {
    this.plan = plan;
    this.shards = shards;
    query = plan.rows().query();
    execution = new Execution(plan, session, shards, null, false, clock);
    reading = execution.reading();
    tallies = aggregations.stream().map(Tally::of).toList();
  }

  /**
   * The query, ordered by the property when all aggregations are on the numbers of one property and
   * nothing else decides: then its index holds the answer. With a limit the order is part of the
   * API: the original sums the smallest values, as its clients' system tests know.
   */
  static Query byIndex(Query query, List<Aggregation> aggregations) {
    boolean cut = query.limit() != null || query.offset() > 0;
    Query ordered = query.filter() == null || cut ? byValue(query, aggregations) : null;
    return ordered == null ? query : ordered;
  }

  /** The query ordered by the only property that is aggregated; null when there is no such one. */
  static @Nullable Query byValue(Query query, List<Aggregation> aggregations) {
    Set<String> properties = new HashSet<>();
    for (Aggregation each : aggregations) {
      switch (each) {
        case Aggregation.Count _ -> properties.add(Query.KEY);
        case Aggregation.Sum(_, String property) -> properties.add(property);
        case Aggregation.Average(_, String property) -> properties.add(property);
      }
    }
    boolean free =
        query.kind() != null
            && (query.filter() == null || isWithoutRanges(query.filter()))
            && query.orders().isEmpty()
            && query.projection().isEmpty()
            && query.distinctOn().isEmpty()
            && query.startCursor().length == 0
            && query.endCursor().length == 0;
    return free && properties.size() == 1 && !properties.contains(Query.KEY)
        ? query.withOrders(List.of(new Query.Order(properties.iterator().next(), false)))
        : null;
  }

  private static boolean isWithoutRanges(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> all) -> all.stream().allMatch(Aggregating::isWithoutRanges);
      case Filter.Or _ -> false;
      case Filter.Comparison each ->
          each.operator() == Filter.Operator.EQUAL
              || each.operator() == Filter.Operator.HAS_ANCESTOR;
    };
  }

  Aggregated run() {
    try {
      if (plan instanceof Plan.Sorted sorted && isUnbounded()) {
        addUnsorted(sorted);
      } else if (plan instanceof Plan.Streamed streamed && countsEveryEntry(streamed)) {
        count(streamed.legs().getFirst());
      } else {
        addStreamed();
      }
    } catch (Budget.Spent spent) {
      throw Budget.exhausted();
    }
    execution.noteRead(MoreResults.NO_MORE_RESULTS);
    Map<String, Value.Content> values = new LinkedHashMap<>();
    tallies.forEach(tally -> values.put(tally.alias(), tally.result()));
    return new Aggregated(values, reading.work());
  }

  /** Whether every match counts, so that the order does not matter. */
  private boolean isUnbounded() {
    return query.limit() == null
        && query.offset() == 0
        && query.startCursor().length == 0
        && query.endCursor().length == 0
        && query.distinctOn().isEmpty();
  }

  /** Whether each entry that the plan meets is one result, and nothing is asked but how many. */
  private boolean countsEveryEntry(Plan.Streamed streamed) {
    return isUnbounded()
        && streamed.legs().size() == 1
        && !streamed.legs().getFirst().residual()
        && !plan.rows().dependsOnElements()
        && tallies.stream().allMatch(each -> each.property() == null);
  }

  private void count(Leg leg) throws Budget.Spent {
    for (int shard : shards) {
      try (Candidates entries =
          Candidates.open(leg, reading.shard(shard), null, reading.budget())) {
        while (isWanting() && entries.next()) {
          tallies.forEach(tally -> tally.add(null));
        }
      }
    }
  }

  private void addUnsorted(Plan.Sorted sorted) throws Budget.Spent {
    for (int shard : shards) {
      try (EvaluatedRows candidates = new EvaluatedRows(sorted, shard, reading)) {
        while (isWanting() && candidates.next()) {
          IndexedValues entity = candidates.entity();
          candidates.positions(entity).forEach(position -> add(entity));
        }
      }
    }
  }

  private void addStreamed() throws Budget.Spent {
    long offset = query.offset();
    long left = query.limit() == null ? Long.MAX_VALUE : query.limit();
    if (left == 0) {
      return;
    }
    boolean all = left == Long.MAX_VALUE || !query.distinctOn().isEmpty();
    long most = all ? Long.MAX_VALUE : offset + left;
    try (RowSource source = execution.open((int) Math.min(most, SortedRows.ROWS_MAX))) {
      Row row = source.peek();
      for (; row != null && !execution.isBehindEnd(row) && isWanting(); row = source.peek()) {
        if (offset > 0) {
          offset--;
        } else {
          add(row);
          left--;
        }
        source.pop();
        if (left == 0) {
          return;
        }
      }
      if (row == null && source.isCut()) {
        throw Budget.exhausted();
      }
    }
  }

  private boolean isWanting() {
    return tallies.stream().anyMatch(Tally::isWanting);
  }

  private void add(Row row) {
    IndexedValues entity = null;
    for (Tally tally : tallies) {
      String property = tally.property();
      if (property == null) {
        tally.add(null);
      } else if (isAnsweredByEntry(row, property)) {
        tally.add(row.position().component(plan.rows().ordering().indexOf(property)));
      } else {
        entity = entity == null ? read(row) : entity;
        tally.add(onlyValue(entity, property));
      }
    }
  }

  private void add(IndexedValues entity) {
    for (Tally tally : tallies) {
      String property = tally.property();
      tally.add(property == null ? null : onlyValue(entity, property));
    }
  }

  private boolean isAnsweredByEntry(Row row, String property) {
    return plan instanceof Plan.Streamed
        && !row.multiValued()
        && plan.rows().ordering().indexOf(property) >= 0;
  }

  /** Arrays are no numbers. */
  private static byte @Nullable [] onlyValue(IndexedValues entity, String property) {
    List<byte[]> values = entity.of(property);
    return values.size() == 1 ? values.getFirst() : null;
  }

  private IndexedValues read(Row row) {
    byte[] path = row.position().path();
    EntityRow found = row.entity();
    return reading.values(path, found != null ? found : reading.entity(row.shard(), path));
  }
}

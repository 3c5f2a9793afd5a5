package dev.kindstead.query;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.query.IndexRange.Edge;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.transaction.ReadSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan over the shards of a session, up to one batch. Made for one use, confined to one
 * thread; may wait for the disk.
 */
final class Execution {
  /** Results in one batch at most. */
  static final int BATCH_RESULTS_MAX = 1_000;

  /** A batch ends with the result that reaches this; gRPC clients receive at most 4 MiB. */
  static final int BATCH_BYTES = 2_000_000;

  private final Plan plan;
  private final Rows rows;
  private final Query query;
  private final Cursor start;
  private final @Nullable Cursor end;
  private final Reading reading;
  private final int[] shards;
  private final Materialization materialization;
  private final boolean looksAhead;

  private final GatheredResults results;
  private int skipped;
  private @Nullable Position last;
  private @Nullable Position lastSkipped;

  /**
   * @param looksAhead whether a full limit is followed by a look whether there is more
   */
  Execution(
      Plan plan,
      ReadSession session,
      int[] shards,
      @Nullable List<PropertyPath> mask,
      boolean looksAhead,
      Clock clock) {
    this.looksAhead = looksAhead;
    this.plan = plan;
    this.shards = shards;
    rows = plan.rows();
    query = rows.query();
    start =
        query.startCursor().length == 0 ? Cursor.START : Cursor.decode(query.startCursor(), rows);
    end = query.endCursor().length == 0 ? null : Cursor.decode(query.endCursor(), rows);
    reading = new Reading(session, query, new Budget(clock));
    materialization = new Materialization(rows, reading, mask);
    results = new GatheredResults(materialization, BATCH_BYTES);
  }

  QueryBatch run() {
    MoreResults more;
    if (query.limit() != null && query.limit() == 0 && query.offset() == 0) {
      more = MoreResults.MORE_RESULTS_AFTER_LIMIT;
    } else {
      try (RowSource source = open(most())) {
        more = ended(readWithinBudget(source));
      } catch (Budget.Spent beforeAnyResult) {
        throw Budget.exhausted();
      }
      noteRead(more);
    }
    Cursor endCursor = last == null ? start : new Cursor(last, false);
    return new QueryBatch(
        materialization.resultType(),
        results.results(),
        skipped,
        lastSkipped == null ? Interval.UNBOUNDED : new Cursor(lastSkipped, false).encode(rows),
        endCursor.equals(start) && query.startCursor().length > 0
            ? query.startCursor()
            : endCursor.encode(rows),
        more,
        reading.session().readTime(),
        reading.work());
  }

  /** Reads what is gathered; when not all of it fits, the batch ends before the rest. */
  private MoreResults ended(MoreResults more) {
    results.complete();
    if (!results.isCut()) {
      return more;
    }
    last = results.last();
    return MoreResults.NOT_FINISHED;
  }

  /** Results to look at, at most: those skipped, those answered, and the one ahead. */
  private int most() {
    if (!query.distinctOn().isEmpty()) {
      return SortedRows.ROWS_MAX;
    }
    int limit = query.limit() == null ? BATCH_RESULTS_MAX : query.limit();
    long most = (long) query.offset() + Math.min(limit, BATCH_RESULTS_MAX) + 1;
    return (int) Math.min(most, SortedRows.ROWS_MAX);
  }

  /** Opens the plan's results behind the start cursor. */
  RowSource open(int most) throws Budget.Spent {
    RowSource source =
        switch (plan) {
          case Plan.Nothing _ -> new MergedStream(List.of(), rows.ordering(), false);
          case Plan.Streamed streamed -> stream(streamed);
          case Plan.Sorted sorted -> new SortedRows(sorted, reading, shards, start, most);
        };
    return query.distinctOn().isEmpty()
        ? source
        : new DistinctRows(source, rows.ordering(), query.distinctOn().size(), start);
  }

  private RowSource stream(Plan.Streamed streamed) {
    List<LegStream> streams = new ArrayList<>(shards.length * streamed.legs().size());
    for (Leg leg : streamed.legs()) {
      Edge from = edge(leg, start);
      for (int shard : shards) {
        streams.add(new LegStream(rows, leg, shard, reading, from));
      }
    }
    return streams.size() == 1
        ? streams.getFirst()
        : new MergedStream(streams, rows.ordering(), streamed.legs().size() > 1);
  }

  private MoreResults readWithinBudget(RowSource source) {
    try {
      return read(source);
    } catch (Budget.Spent spent) {
      goOnBehindPassed(source);
      if (last == null) {
        throw Budget.exhausted();
      }
      return MoreResults.NOT_FINISHED;
    }
  }

  /** What was passed without a result is not read again: there may be more than a call can read. */
  private void goOnBehindPassed(RowSource source) {
    Position passed = source.passed();
    last = passed != null ? passed : last;
  }

  private MoreResults read(RowSource source) throws Budget.Spent {
    int limit = query.limit() == null ? Integer.MAX_VALUE : query.limit();
    while (true) {
      boolean atLimit = skipped == query.offset() && results.size() >= limit;
      if (atLimit && (limit == 0 || !looksAhead)) {
        return MoreResults.MORE_RESULTS_AFTER_LIMIT;
      }
      Row row = source.peek();
      if (row == null) {
        if (source.isCut()) {
          goOnBehindPassed(source);
          return MoreResults.NOT_FINISHED;
        }
        return MoreResults.NO_MORE_RESULTS;
      }
      if (isBehindEnd(row)) {
        return MoreResults.MORE_RESULTS_AFTER_CURSOR;
      }
      if (atLimit) {
        return MoreResults.MORE_RESULTS_AFTER_LIMIT;
      }
      if (results.size() >= BATCH_RESULTS_MAX || results.isFull()) {
        return MoreResults.NOT_FINISHED;
      }
      last = row.position();
      if (skipped < query.offset()) {
        skipped++;
        lastSkipped = last;
      } else {
        results.add(row);
      }
      source.pop();
    }
  }

  boolean isBehindEnd(Row row) {
    return end != null && end.isBefore(row.position(), rows.ordering());
  }

  /** Notes what was read, so that a phantom conflicts: no further than the results reach. */
  void noteRead(MoreResults more) {
    switch (plan) {
      case Plan.Nothing _ -> {}
      case Plan.Sorted sorted -> sorted.legs().forEach(leg -> note(leg, null, null));
      case Plan.Streamed streamed -> streamed.legs().forEach(leg -> noteRead(leg, more));
    }
  }

  private void noteRead(Leg leg, MoreResults more) {
    Edge from = edge(leg, start);
    if (more == MoreResults.NO_MORE_RESULTS) {
      note(leg, from, null);
    } else if (more == MoreResults.MORE_RESULTS_AFTER_CURSOR && end != null) {
      if (end.position() != null) {
        note(leg, from, edge(leg, end));
      }
    } else if (last != null) {
      note(leg, from, leg.edge(last, true, rows.ordering()));
    }
  }

  private void note(Leg leg, @Nullable Edge from, @Nullable Edge until) {
    for (IndexRange range : leg.ranges()) {
      Interval bounds = range.between(from, until);
      if (!bounds.isEmpty()) {
        for (int shard : shards) {
          reading.session().noteRange(shard, range.space(), bounds.from(), bounds.until());
        }
      }
    }
  }

  /** Where a cursor lies in a leg; null before all. */
  private @Nullable Edge edge(Leg leg, Cursor cursor) {
    return cursor.position() == null
        ? null
        : leg.edge(cursor.position(), !cursor.reversed(), rows.ordering());
  }

  Materialization materialization() {
    return materialization;
  }

  Reading reading() {
    return reading;
  }
}

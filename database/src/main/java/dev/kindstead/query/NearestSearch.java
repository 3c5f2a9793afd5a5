package dev.kindstead.query;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.VectorReader;
import dev.kindstead.environment.Clock;
import dev.kindstead.model.Entity;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.query.QueryBatch.QueryResult;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.ReadSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The nearest of a plan's results, by looking at every one of them: exact, bounded by the budget of
 * a call. Equally near ones come in the query's order. Made for one use, confined to one thread;
 * may wait for the disk.
 */
final class NearestSearch {
  /** A result among the nearest so far. */
  private record Found(Row row, double distance) {}

  private final Query query;
  private final Nearest nearest;
  private final Ordering ordering;
  private final Rows rows;
  private final Execution execution;
  private final Reading reading;
  private final VectorReader vectors;
  private final PriorityQueue<Found> farthestFirst;

  NearestSearch(
      Plan plan,
      Nearest nearest,
      ReadSession session,
      int[] shards,
      @Nullable List<PropertyPath> mask,
      Clock clock) {
    this.nearest = nearest;
    rows = plan.rows();
    query = rows.query();
    ordering = rows.ordering();
    execution = new Execution(plan, session, shards, mask, false, clock);
    reading = execution.reading();
    vectors = new VectorReader(nearest.property(), nearest.vector().length);
    farthestFirst = new PriorityQueue<>(Collections.reverseOrder(this::compare));
  }

  private int compare(Found one, Found other) {
    int compared = nearest.measure().compare(one.distance, other.distance);
    return compared != 0 ? compared : ordering.compare(one.row.position(), other.row.position());
  }

  QueryBatch run() {
    int skipped;
    try (RowSource source = execution.open(SortedRows.ROWS_MAX)) {
      skipped = search(source);
    } catch (Budget.Spent spent) {
      throw Budget.exhausted();
    }
    execution.noteRead(MoreResults.NO_MORE_RESULTS);
    List<Found> found = new ArrayList<>(farthestFirst);
    found.sort(this::compare);
    byte[] noCursor = new byte[0];
    List<QueryResult> results = new ArrayList<>(found.size());
    for (Found each : found) {
      QueryResult result = execution.materialization().result(each.row);
      byte[] entity =
          nearest.distanceProperty() == null
              ? result.entity()
              : withDistance(result.entity(), nearest.distanceProperty(), each.distance);
      results.add(
          new QueryResult(
              entity, result.version(), result.createTime(), result.updateTime(), noCursor));
    }
    return new QueryBatch(
        execution.materialization().resultType(),
        results,
        skipped,
        noCursor,
        Cursor.START.encode(rows),
        MoreResults.NO_MORE_RESULTS,
        reading.session().readTime(),
        reading.work());
  }

  /** Returns how many results the offset skipped. */
  private int search(RowSource source) throws Budget.Spent {
    int skipped = 0;
    long left = query.limit() == null ? Long.MAX_VALUE : query.limit();
    Row row = source.peek();
    for (; row != null && left > 0; row = source.peek()) {
      if (skipped < query.offset()) {
        skipped++;
      } else {
        consider(row);
        left--;
      }
      source.pop();
    }
    if (row == null && source.isCut()) {
      throw Budget.exhausted();
    }
    return skipped;
  }

  private void consider(Row row) {
    EntityRow entity =
        row.entity() != null ? row.entity() : reading.entity(row.shard(), row.position().path());
    double[] vector = vectors.read(entity.entity());
    if (vector == null) {
      return;
    }
    double distance = nearest.measure().of(nearest.vector(), vector);
    if (Double.isNaN(distance) || isTooFar(distance)) {
      return;
    }
    // Kept without the entity, which may be a mebibyte; the few that stay are read again.
    farthestFirst.add(
        new Found(new Row(row.position(), row.shard(), null, row.multiValued()), distance));
    if (farthestFirst.size() > nearest.limit()) {
      farthestFirst.remove();
    }
  }

  private boolean isTooFar(double distance) {
    return nearest.threshold() != null
        && nearest.measure().compare(distance, nearest.threshold()) > 0;
  }

  private static byte[] withDistance(byte[] bytes, String property, double distance) {
    Entity entity = EntityEncoding.decode(bytes);
    Map<String, Value> properties = new LinkedHashMap<>(entity.properties());
    properties.put(property, Value.of(new Value.DoubleValue(distance)));
    return EntityEncoding.encode(new Entity(entity.key(), properties));
  }
}

package dev.kindstead.query;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.VectorReader;
import dev.kindstead.environment.Clock;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.query.QueryBatch.QueryResult;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.vector.VectorIndexes;
import dev.kindstead.vector.VectorSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The nearest of a plan's results, by looking at every one of them: exact, bounded by the budget of
 * a call. Of a whole kind with many vectors those that a graph names are looked at instead, except
 * in a transaction that writes, whose reads must be repeatable. Equally near ones come in the
 * query's order. Made for one use, confined to one thread; may wait for the disk.
 */
final class NearestSearch {
  /**
   * Bytes of the entities in an answer, which no cursor goes on behind: 1,000 with some 1,500
   * numbers each.
   */
  static final int ANSWER_BYTES_MAX = 16 << 20;

  /** A result among the nearest so far. */
  private record Found(Row row, double distance) {}

  private final Query query;
  private final Nearest nearest;
  private final Ordering ordering;
  private final Rows rows;
  private final int[] shards;
  private final @Nullable VectorIndexes graphs;
  private final Execution execution;
  private final Reading reading;
  private final VectorReader vectors;
  private final PriorityQueue<Found> farthestFirst;
  private int considered;

  NearestSearch(
      Plan plan,
      Nearest nearest,
      ReadSession session,
      int[] shards,
      @Nullable List<PropertyPath> mask,
      Clock clock,
      @Nullable VectorIndexes graphs) {
    this.shards = shards;
    this.graphs = graphs;
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
    int skipped = graphs != null && searchGraphs(graphs) ? 0 : searchAll();
    List<Found> found = new ArrayList<>(farthestFirst);
    found.sort(this::compare);
    byte[] noCursor = new byte[0];
    List<QueryResult> results = new ArrayList<>(found.size());
    long bytes = 0;
    for (Found each : found) {
      QueryResult result = execution.materialization().result(each.row);
      byte[] entity =
          nearest.distanceProperty() == null
              ? result.entity()
              : withDistance(result.entity(), nearest.distanceProperty(), each.distance);
      bytes += entity.length;
      if (bytes > ANSWER_BYTES_MAX) {
        throw new DatastoreException(
            Code.RESOURCE_EXHAUSTED,
            "the nearest entities take more than %d bytes: ask for fewer, or use a property_mask"
                .formatted(ANSWER_BYTES_MAX));
      }
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

  /** Returns whether it found what was asked for. */
  private boolean searchGraphs(VectorIndexes graphs) {
    String kind = query.kind();
    if (kind == null || !mayUseGraphs()) {
      return false;
    }
    for (int shard : shards) {
      Set<Bytes> paths =
          graphs.candidates(
              space(shard, kind), reading.shard(shard), nearest.vector(), nearest.limit());
      if (paths == null) {
        farthestFirst.clear();
        return false;
      }
      considerAll(shard, paths);
    }
    if (farthestFirst.size() < nearest.limit() && nearest.threshold() == null) {
      farthestFirst.clear();
      return false;
    }
    return true;
  }

  /** Whether a whole kind is searched, and the search need not be repeatable. */
  private boolean mayUseGraphs() {
    return !reading.session().isNoting()
        && query.filter() == null
        && query.orders().isEmpty()
        && query.projection().isEmpty()
        && query.offset() == 0
        && query.limit() == null;
  }

  private VectorSpace space(int shard, String kind) {
    return new VectorSpace(
        shard,
        query.partition(),
        kind,
        nearest.property(),
        nearest.vector().length,
        nearest.measure());
  }

  private void considerAll(int shard, Set<Bytes> paths) {
    List<Position> positions =
        paths.stream().map(path -> new Position(new byte[][] {path.array()})).toList();
    List<@Nullable EntityRow> entities =
        reading.ifPresent(shard, positions.stream().map(Position::path).toList());
    for (int i = 0; i < entities.size(); i++) {
      EntityRow entity = entities.get(i);
      if (entity != null) {
        consider(new Row(positions.get(i), shard, entity, false));
      }
    }
  }

  /** Returns how many results the offset skipped. */
  private int searchAll() {
    int skipped;
    try (RowSource source = execution.open(SortedRows.ROWS_MAX)) {
      skipped = search(source);
    } catch (Budget.Spent spent) {
      throw Budget.exhausted();
    }
    execution.noteRead(MoreResults.NO_MORE_RESULTS);
    String kind = query.kind();
    if (graphs != null && kind != null && mayUseGraphs()) {
      for (int shard : shards) {
        graphs.searched(space(shard, kind), considered);
      }
    }
    return skipped;
  }

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
    considered++;
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

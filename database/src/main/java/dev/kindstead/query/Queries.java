package dev.kindstead.query;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.environment.Clock;
import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.IndexCatalog;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.vector.VectorIndexes;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The room's door: a query prepared, then run over a session that reads the shards it names.
 * Thread-safe; running may wait for the disk.
 */
public final class Queries {
  private final ShardMap map;
  private final IndexCatalog catalog;
  private final Clock clock;
  private final @Nullable VectorIndexes graphs;

  /** Queries of which the nearest are always found by looking at all. */
  public Queries(ShardMap map, IndexCatalog catalog, Clock clock) {
    this(map, catalog, clock, null);
  }

  /**
   * @param graphs of vectors; null for none
   */
  public Queries(ShardMap map, IndexCatalog catalog, Clock clock, @Nullable VectorIndexes graphs) {
    this.graphs = graphs;
    this.map = map;
    this.catalog = catalog;
    this.clock = clock;
  }

  /** A query that can be run. Immutable. */
  public interface Prepared {
    /** The shards whose state the query needs. */
    int[] shards();

    /**
     * @param mask the properties to answer of whole entities; null for all
     * @param looksAhead whether MORE_RESULTS_AFTER_LIMIT is to be certain; in a transaction that
     *     would read, and so conflict over, what the client did not ask for
     */
    QueryBatch run(ReadSession session, @Nullable List<PropertyPath> mask, boolean looksAhead);

    /** The indexes that it scans. */
    List<IndexUse> indexesUsed();

    /** The composite indexes that a strict database would want for it. */
    List<RequiredIndex> indexesRequired();

    /** The aggregations over all results. */
    Aggregated aggregate(ReadSession session, List<Aggregation> aggregations);
  }

  /** A planned query. */
  private final class Planned implements Prepared {
    private final Function<DatabaseIndexes, Plan> planning;
    private final DatabaseIndexes indexes;
    private final Plan plan;

    /**
     * @param planning of what was asked: a plan's own query may suit only the indexes of that plan
     */
    private Planned(DatabaseIndexes indexes, Function<DatabaseIndexes, Plan> planning) {
      this.planning = planning;
      this.indexes = indexes;
      plan = planning.apply(indexes);
    }

    /**
     * The plan, or another one for a snapshot that is older than one of its indexes. Or where one
     * has gone meanwhile: a node that was away hears of that when it opens the session, and its
     * entries may be gone for longer.
     */
    private Plan planAt(long timestamp) {
      DatabaseId database = plan.rows().query().partition().databaseId();
      DatabaseIndexes then = catalog.of(database).at(timestamp);
      return then == indexes ? plan : planning.apply(then);
    }

    @Override
    public int[] shards() {
      Key group = plan.group();
      return group == null
          ? allShards()
          : new int[] {map.shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(group)))};
    }

    @Override
    public QueryBatch run(
        ReadSession session, @Nullable List<PropertyPath> mask, boolean looksAhead) {
      Plan now = planAt(session.readTime());
      Nearest nearest = plan.rows().query().nearest();
      return nearest == null
          ? new Execution(now, session, shards(), mask, looksAhead, clock).run()
          : new NearestSearch(now, nearest, session, shards(), mask, clock, graphs).run();
    }

    @Override
    public List<IndexUse> indexesUsed() {
      return IndexUse.of(plan);
    }

    @Override
    public Aggregated aggregate(ReadSession session, List<Aggregation> aggregations) {
      Plan now = planAt(session.readTime());
      return new Aggregating(now, session, shards(), clock, aggregations).run();
    }

    @Override
    public List<RequiredIndex> indexesRequired() {
      return RequiredIndex.of(plan.rows());
    }

    /** The plan, for people. */
    @Override
    public String toString() {
      return plan.toString();
    }
  }

  /**
   * INVALID_ARGUMENT, UNIMPLEMENTED: what the query asks for cannot be. FAILED_PRECONDITION: it
   * needs another index.
   */
  public Prepared prepare(Query query) {
    MetadataKind metadata = MetadataKind.named(query.kind());
    if (metadata != null && query.nearest() != null) {
      throw MetadataQuery.refused(metadata, "no find_nearest");
    }
    if (metadata != null) {
      return MetadataQuery.of(metadata, query, allShards(), clock);
    }
    return new Planned(
        catalog.of(query.partition().databaseId()), indexes -> Planner.plan(query, indexes));
  }

  /** The same for aggregations over the query's results. */
  public Prepared prepare(Query query, List<Aggregation> aggregations) {
    if (query.nearest() != null) {
      throw DatastoreException.invalidArgument("find_nearest cannot be aggregated.");
    }
    MetadataKind metadata = MetadataKind.named(query.kind());
    if (metadata != null) {
      throw MetadataQuery.refused(metadata, "no aggregations");
    }
    return new Planned(
        catalog.of(query.partition().databaseId()),
        indexes -> planned(query, aggregations, indexes));
  }

  private static Plan planned(
      Query query, List<Aggregation> aggregations, DatabaseIndexes indexes) {
    Query byValue = Aggregating.byValue(query, aggregations);
    Plan covering = byValue == null ? null : Planner.overComposites(byValue, indexes);
    return covering == null
        ? Planner.plan(Aggregating.byIndex(query, aggregations), indexes)
        : covering;
  }

  private int[] allShards() {
    return IntStream.range(0, map.shards()).toArray();
  }
}

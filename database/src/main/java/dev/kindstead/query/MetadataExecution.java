package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.IndexEntryWriter;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.query.QueryBatch.QueryResult;
import dev.kindstead.query.QueryBatch.ResultType;
import dev.kindstead.storage.Space;
import dev.kindstead.transaction.ReadSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers one batch of a metadata query. In a transaction the whole range of entries it may have
 * looked at is noted: an answer about all names can be changed by any of them. Made for one use,
 * confined to one thread; may wait for the disk.
 */
final class MetadataExecution {
  /** Results in one batch at most. */
  static final int BATCH_RESULTS_MAX = 1_000;

  private final MetadataQuery prepared;
  private final Query query;
  private final ReadSession session;
  private final @Nullable List<PropertyPath> mask;
  private final boolean looksAhead;
  private final byte[] prefix;
  private final Budget budget;
  private final MetadataNames names;
  private final Cursor.Writer cursors;
  private final Cursor start;
  private final @Nullable Cursor end;

  private final List<QueryResult> results = new ArrayList<>();
  private int skipped;
  private @Nullable Position last;
  private @Nullable Position lastSkipped;

  MetadataExecution(
      MetadataQuery prepared,
      ReadSession session,
      @Nullable List<PropertyPath> mask,
      boolean looksAhead) {
    this.prepared = prepared;
    this.session = session;
    this.mask = mask;
    this.looksAhead = looksAhead;
    Rows rows = prepared.rows();
    query = rows.query();
    cursors = new Cursor.Writer(rows);
    prefix = prepared.kind().prefix(query.partition());
    budget = new Budget(prepared.clock());
    names = new MetadataNames(session, prepared.shards(), prefix, budget);
    start =
        query.startCursor().length == 0 ? Cursor.START : Cursor.decode(query.startCursor(), rows);
    end = query.endCursor().length == 0 ? null : Cursor.decode(query.endCursor(), rows);
  }

  QueryBatch run() {
    MoreResults more;
    try {
      more = read();
    } catch (Budget.Spent spent) {
      if (last == null) {
        throw Budget.exhausted();
      }
      more = MoreResults.NOT_FINISHED;
    }
    noteRead();
    Rows rows = prepared.rows();
    return new QueryBatch(
        resultType(),
        results,
        skipped,
        lastSkipped == null ? Interval.UNBOUNDED : new Cursor(lastSkipped, false).encode(rows),
        (last == null ? start : new Cursor(last, false)).encode(rows),
        more,
        session.readTime(),
        new Work(budget.candidates(), 0, budget.nanos()));
  }

  private ResultType resultType() {
    if (query.projection().isEmpty()) {
      return ResultType.FULL;
    }
    return query.isKeysOnly() ? ResultType.KEY_ONLY : ResultType.PROJECTION;
  }

  private MoreResults read() throws Budget.Spent {
    Integer limit = query.limit();
    if (limit != null && limit == 0 && query.offset() == 0) {
      return MoreResults.MORE_RESULTS_AFTER_LIMIT;
    }
    byte[] place = prepared.kind().seek(query.partition(), first());
    byte[] entry = names.first(place);
    while (entry != null) {
      byte[] behind = prepared.kind().behindStatistics(entry, prefix.length);
      if (behind != null) {
        entry = names.first(behind);
        continue;
      }
      int nameEnd = prepared.kind().end(entry, prefix.length);
      Key key = prepared.kind().key(query.partition(), entry, prefix.length);
      byte[] path = MetadataKind.path(key);
      byte[] until = prepared.within().until();
      if (until.length > 0 && Arrays.compareUnsigned(path, until) >= 0) {
        break;
      }
      byte[] name = Arrays.copyOf(entry, nameEnd);
      if (prepared.matches(path) && !isScatter(key)) {
        MoreResults stop = take(key, path, name);
        if (stop != null) {
          return stop;
        }
      }
      entry = names.first(ByteOrder.afterPrefix(name));
    }
    return MoreResults.NO_MORE_RESULTS;
  }

  private boolean isScatter(Key key) {
    return prepared.kind() == MetadataKind.PROPERTY
        && IndexEntryWriter.SCATTER.equals(key.last().name());
  }

  /** The path before which nothing can be a result. */
  private byte[] first() {
    byte[] from = prepared.within().from();
    Position position = start.position();
    return position == null || Arrays.compareUnsigned(position.path(), from) < 0
        ? from
        : position.path();
  }

  /** Takes the results of one name; returns how the batch ends, null when it goes on. */
  private @Nullable MoreResults take(Key key, byte[] path, byte[] name) throws Budget.Spent {
    boolean whole = resultType() != ResultType.KEY_ONLY && prepared.kind() == MetadataKind.PROPERTY;
    List<String> representations = whole ? representations(name) : List.of();
    if (resultType() != ResultType.PROJECTION) {
      return take(new Position(new byte[][] {path}), entity(key, representations));
    }
    for (String each : representations) {
      // Paths of one kind are as long in elements, so that a byte behind them keeps their order.
      byte[] place = Arrays.copyOf(path, path.length + 1);
      place[path.length] = (byte) MetadataQuery.REPRESENTATIONS.indexOf(each);
      Value value =
          new Value(new Value.StringValue(each), Materialization.MEANING_PROJECTED, false);
      MoreResults stop =
          take(
              new Position(new byte[][] {place}),
              new Entity(key, Map.of(MetadataQuery.REPRESENTATION, value)));
      if (stop != null) {
        return stop;
      }
    }
    return null;
  }

  private List<String> representations(byte[] name) throws Budget.Spent {
    Set<String> found = names.representations(name);
    return MetadataQuery.REPRESENTATIONS.stream().filter(found::contains).toList();
  }

  private Entity entity(Key key, List<String> representations) {
    if (representations.isEmpty()) {
      return new Entity(key, Map.of());
    }
    List<Value> values = new ArrayList<>();
    representations.forEach(each -> values.add(Value.of(new Value.StringValue(each))));
    return new Entity(
        key, Map.of(MetadataQuery.REPRESENTATION, Value.of(new Value.ArrayValue(values))));
  }

  private @Nullable MoreResults take(Position position, Entity entity) {
    if (!start.isBefore(position, prepared.rows().ordering())) {
      return null;
    }
    int limit = query.limit() == null ? Integer.MAX_VALUE : query.limit();
    boolean atLimit = skipped == query.offset() && results.size() >= limit;
    if (atLimit && (limit == 0 || !looksAhead)) {
      return MoreResults.MORE_RESULTS_AFTER_LIMIT;
    }
    if (end != null && end.isBefore(position, prepared.rows().ordering())) {
      return MoreResults.MORE_RESULTS_AFTER_CURSOR;
    }
    if (atLimit) {
      return MoreResults.MORE_RESULTS_AFTER_LIMIT;
    }
    if (results.size() >= BATCH_RESULTS_MAX) {
      return MoreResults.NOT_FINISHED;
    }
    last = position;
    if (skipped < query.offset()) {
      skipped++;
      lastSkipped = position;
      return null;
    }
    byte[] encoded = EntityEncoding.encode(entity);
    byte[] cursor = cursors.encode(position);
    byte[] shown =
        mask == null || resultType() != ResultType.FULL
            ? encoded
            : EntityEncoding.project(encoded, mask);
    results.add(new QueryResult(shown, 0, 0, 0, cursor));
    return null;
  }

  private void noteRead() {
    for (int shard : prepared.shards()) {
      session.noteRange(shard, Space.INDEX, prefix, ByteOrder.afterPrefix(prefix));
    }
  }
}

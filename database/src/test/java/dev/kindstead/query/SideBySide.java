package dev.kindstead.query;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.query.QueryBatch.QueryResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The product and the model over the same entities: whatever is asked, they must agree. */
final class SideBySide {
  private static final byte[] NO_CURSOR = new byte[0];

  private final Shelf one;
  private final Shelf many;
  private final DatabaseIndexes indexes;
  private final Collection<Entity> meant;

  /**
   * @param stored what the product has; the same as {@code meant} but for a planted fault
   * @param meant what the model has
   */
  SideBySide(List<Entity> stored, List<Entity> meant, DatabaseIndexes indexes, int shards) {
    this.indexes = indexes;
    one = new Shelf(1, indexes);
    many = new Shelf(shards, indexes);
    for (Entity each : stored) {
      one.put(each);
      many.put(each);
    }
    Map<Key, Entity> newest = new LinkedHashMap<>();
    meant.forEach(each -> newest.put(Shelf.key(each), each));
    this.meant = newest.values();
  }

  /** How the product goes about the query; null when it refuses it. */
  @Nullable String plan(Query query) {
    try {
      return one.queries().prepare(query).toString();
    } catch (DatastoreException refused) {
      return null;
    }
  }

  /** Disagreement when an answer is wrong, or none; a query that is refused passes. */
  void check(Query query, @Nullable Integer page, @Nullable Integer at) {
    try {
      if (plan(query) != null) {
        checkAnswers(query, page, at);
      }
    } catch (RuntimeException failed) {
      throw new Disagreement(failed.getClass().getSimpleName(), "an answer", failed, failed);
    }
  }

  private void checkAnswers(Query query, @Nullable Integer page, @Nullable Integer at) {
    Ordering ordering = Planner.plan(query, indexes).rows().ordering();
    List<QueryModel.Result> expected = QueryModel.results(query, ordering, meant);
    QueryBatch whole = one.run(query);
    agree("the whole", expected, shown(whole));
    agree("more than the whole", MoreResults.NO_MORE_RESULTS, whole.moreResults());
    agree("over several shards", expected, shown(many.run(query)));
    if (page != null) {
      checkPages(query, expected, page);
    }
    if (at != null) {
      checkCursors(query, whole, expected, at % (expected.size() + 1));
    }
  }

  private void checkPages(Query query, List<QueryModel.Result> expected, int limit) {
    List<QueryModel.Result> pages = new ArrayList<>();
    byte[] cursor = NO_CURSOR;
    QueryBatch page;
    int calls = 0;
    do {
      page = many.run(with(query, cursor, NO_CURSOR, 0, limit));
      pages.addAll(shown(page));
      cursor = page.endCursor();
      agree("a cursor behind a page", true, cursor.length > 0);
      agree(
          "more behind a page",
          pages.size() < expected.size()
              ? MoreResults.MORE_RESULTS_AFTER_LIMIT
              : MoreResults.NO_MORE_RESULTS,
          page.moreResults());
      calls++;
    } while (page.moreResults() != MoreResults.NO_MORE_RESULTS && calls <= expected.size());
    agree("in pages", expected, pages);
  }

  private void checkCursors(
      Query query, QueryBatch whole, List<QueryModel.Result> expected, int at) {
    int size = expected.size();
    QueryBatch skipped = many.run(with(query, NO_CURSOR, NO_CURSOR, at, null));
    agree("behind an offset", expected.subList(at, size), shown(skipped));
    agree("skipped results", at, skipped.skippedResults());
    if (at == 0) {
      return;
    }
    byte[] cursor = whole.results().get(at - 1).cursor();
    agree("skipped cursor", hex(cursor), hex(skipped.skippedCursor()));
    QueryBatch behind = many.run(with(query, cursor, NO_CURSOR, 0, null));
    agree("behind a cursor", expected.subList(at, size), shown(behind));
    QueryBatch before = many.run(with(query, NO_CURSOR, cursor, 0, null));
    agree("before a cursor", expected.subList(0, at), shown(before));
    agree(
        "more behind a cursor",
        at < size ? MoreResults.MORE_RESULTS_AFTER_CURSOR : MoreResults.NO_MORE_RESULTS,
        before.moreResults());
    if (query.distinctOn().isEmpty() && !query.orders().isEmpty()) {
      checkReversed(query, cursor, expected.subList(0, at));
    }
  }

  /** Backwards from the same gap come the results before it. */
  private void checkReversed(Query query, byte[] cursor, List<QueryModel.Result> before) {
    Query reversed =
        query.withOrders(
            query.orders().stream()
                .map(order -> new Query.Order(order.property(), !order.descending()))
                .toList());
    if (isReversible(query, reversed)) {
      QueryBatch backwards = many.run(with(reversed, cursor, NO_CURSOR, 0, null));
      agree("backwards from a cursor", before.reversed(), shown(backwards));
    }
  }

  /** Not so when arrays stand at another element in the opposite direction. */
  private boolean isReversible(Query query, Query reversed) {
    return shown(many.run(query)).reversed().equals(shown(many.run(reversed)))
        && positionsOf(many.run(query)).reversed().equals(positionsOf(many.run(reversed)));
  }

  private static List<String> positionsOf(QueryBatch batch) {
    return batch.results().stream()
        .map(result -> HexFormat.of().formatHex(result.cursor(), 2, result.cursor().length - 4))
        .toList();
  }

  static void agree(String sort, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new Disagreement(sort, text(expected), text(actual), null);
    }
  }

  private static Object text(Object answer) {
    return answer instanceof List<?> results
        ? results.stream()
            .map(each -> each instanceof QueryModel.Result row ? ScriptText.result(row) : each)
            .toList()
        : answer;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  static Query with(Query query, byte[] start, byte[] end, int offset, @Nullable Integer limit) {
    return new Query(
        query.partition(),
        query.kind(),
        query.projection(),
        query.filter(),
        query.orders(),
        query.distinctOn(),
        start,
        end,
        offset,
        limit);
  }

  static List<QueryModel.Result> shown(QueryBatch batch) {
    List<QueryModel.Result> results = new ArrayList<>();
    for (QueryResult each : batch.results()) {
      Entity entity = EntityEncoding.decode(each.entity());
      Map<String, Value.Content> shown = new LinkedHashMap<>();
      if (batch.resultType() == QueryBatch.ResultType.PROJECTION) {
        entity.properties().forEach((name, value) -> shown.put(name, value.content()));
      }
      results.add(new QueryModel.Result(Shelf.key(entity), shown));
    }
    return results;
  }
}

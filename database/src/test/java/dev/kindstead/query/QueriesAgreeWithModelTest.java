package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.query.QueryBatch.QueryResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random entities and queries: the product and a plain evaluation must give the same results. */
final class QueriesAgreeWithModelTest {
  private static final int SEEDS = Integer.getInteger("query.seeds", 300);
  private static final int QUERIES_PER_SEED = 60;

  private final Map<Key, Entity> entities = new HashMap<>();

  private void fill(RandomQueries random, Shelf... shelves) {
    entities.clear();
    for (int i = 0; i < 60; i++) {
      Entity entity = random.entity();
      entities.put(Shelf.key(entity), entity);
      for (Shelf shelf : shelves) {
        shelf.put(entity);
      }
    }
  }

  @Test
  void everyQueryAsAWholeAndInPages() {
    int composite = 0;
    int ran = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomQueries random = new RandomQueries(seed);
      DatabaseIndexes indexes = seed % 3 == 0 ? DatabaseIndexes.AUTOMATIC : random.indexes();
      Shelf one = new Shelf(1, indexes);
      Shelf four = new Shelf(4, indexes);
      fill(random, one, four);
      for (int i = 0; i < QUERIES_PER_SEED; i++) {
        Query query = random.query();
        String plan;
        try {
          plan = one.queries().prepare(query).toString();
        } catch (DatastoreException refused) {
          continue;
        }
        ran++;
        composite += plan.contains("index K") ? 1 : 0;
        String story = "seed " + seed + "." + i + ": " + query + "\nplan: " + plan;
        Ordering ordering = Planner.plan(query, indexes).rows().ordering();
        List<QueryModel.Result> expected = QueryModel.results(query, ordering, entities.values());
        QueryBatch whole = one.run(query);
        assertThat(shown(whole)).as(story).isEqualTo(expected);
        assertThat(whole.moreResults()).as(story).isEqualTo(MoreResults.NO_MORE_RESULTS);
        assertThat(shown(four.run(query))).as("four shards, " + story).isEqualTo(expected);
        checkPages(four, query, expected, 1 + random.below(4), story);
        checkCursors(four, query, whole, expected, random.below(expected.size() + 1), story);
      }
    }
    assertThat(ran).isGreaterThan(SEEDS * QUERIES_PER_SEED / 2);
    assertThat(composite).isGreaterThan(SEEDS * QUERIES_PER_SEED / 40);
  }

  private static void checkPages(
      Shelf shelf, Query query, List<QueryModel.Result> expected, int limit, String story) {
    List<QueryModel.Result> pages = new ArrayList<>();
    byte[] cursor = new byte[0];
    QueryBatch page;
    do {
      page = shelf.run(with(query, cursor, new byte[0], 0, limit));
      pages.addAll(shown(page));
      cursor = page.endCursor();
      assertThat(cursor).as(story).isNotEmpty();
      assertThat(page.moreResults())
          .as(story)
          .isEqualTo(
              pages.size() < expected.size()
                  ? MoreResults.MORE_RESULTS_AFTER_LIMIT
                  : MoreResults.NO_MORE_RESULTS);
    } while (page.moreResults() != MoreResults.NO_MORE_RESULTS);
    assertThat(pages).as("pages of " + limit + ", " + story).isEqualTo(expected);
  }

  private static void checkCursors(
      Shelf shelf,
      Query query,
      QueryBatch whole,
      List<QueryModel.Result> expected,
      int at,
      String story) {
    int size = expected.size();
    QueryBatch skipped = shelf.run(with(query, new byte[0], new byte[0], at, null));
    assertThat(shown(skipped)).as(story).isEqualTo(expected.subList(at, size));
    assertThat(skipped.skippedResults()).as(story).isEqualTo(at);
    if (at == 0) {
      return;
    }
    byte[] cursor = whole.results().get(at - 1).cursor();
    assertThat(skipped.skippedCursor()).as(story).isEqualTo(cursor);
    QueryBatch behind = shelf.run(with(query, cursor, new byte[0], 0, null));
    assertThat(shown(behind)).as(story).isEqualTo(expected.subList(at, size));
    QueryBatch before = shelf.run(with(query, new byte[0], cursor, 0, null));
    assertThat(shown(before)).as(story).isEqualTo(expected.subList(0, at));
    assertThat(before.moreResults())
        .as(story)
        .isEqualTo(at < size ? MoreResults.MORE_RESULTS_AFTER_CURSOR : MoreResults.NO_MORE_RESULTS);
    if (query.distinctOn().isEmpty() && !query.orders().isEmpty()) {
      checkReversed(shelf, query, cursor, expected.subList(0, at), story);
    }
  }

  /** Backwards from the same gap come the results before it. */
  private static void checkReversed(
      Shelf shelf, Query query, byte[] cursor, List<QueryModel.Result> before, String story) {
    Query reversed =
        query.withOrders(
            query.orders().stream()
                .map(order -> new Query.Order(order.property(), !order.descending()))
                .toList());
    if (isReversible(shelf, query, reversed)) {
      QueryBatch backwards = shelf.run(with(reversed, cursor, new byte[0], 0, null));
      assertThat(shown(backwards)).as("reversed, " + story).isEqualTo(before.reversed());
    }
  }

  /** Not so when arrays stand at another element in the opposite direction. */
  private static boolean isReversible(Shelf shelf, Query query, Query reversed) {
    return shown(shelf.run(query)).reversed().equals(shown(shelf.run(reversed)))
        && positionsOf(shelf.run(query)).reversed().equals(positionsOf(shelf.run(reversed)));
  }

  private static List<String> positionsOf(QueryBatch batch) {
    return batch.results().stream()
        .map(result -> HexFormat.of().formatHex(result.cursor(), 2, result.cursor().length - 4))
        .toList();
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

package dev.kindstead.query;

import static dev.kindstead.query.SideBySide.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Query.Order;
import dev.kindstead.query.QueryBatch.MoreResults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BatchTooLargeTest {
  private static final byte[] NONE = new byte[0];
  private static final Query BY_N =
      new Query(
          RandomQueries.PARTITION,
          "K",
          List.of(),
          null,
          List.of(new Order("n", false)),
          List.of(),
          NONE,
          NONE,
          0,
          null);
  private final Shelf shelf = new Shelf(4);

  private void put(int count, int bytes) {
    put(shelf, count, bytes);
  }

  private static void put(Shelf shelf, int count, int bytes) {
    for (int i = 0; i < count; i++) {
      Value text = new Value(new Value.StringValue("x".repeat(bytes)), 0, true);
      shelf.put(
          new Entity(
              new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", i + 1))),
              Map.of("n", Value.of(new Value.IntegerValue(i % 7)), "text", text)));
    }
  }

  @Test
  void aBatchEndsBeforeAClientsMessageLimit() {
    put(10, 900_000);
    QueryBatch batch = shelf.run(BY_N);
    assertThat(batch.results()).hasSize(3);
    assertThat(batch.moreResults()).isEqualTo(MoreResults.NOT_FINISHED);
    assertThat(shelf.run(with(BY_N, batch.endCursor(), NONE, 0, 7)).moreResults())
        .isEqualTo(MoreResults.NOT_FINISHED);
    assertThat(shelf.run(with(BY_N, batch.endCursor(), NONE, 0, 1)).moreResults())
        .isEqualTo(MoreResults.MORE_RESULTS_AFTER_LIMIT);
  }

  @Test
  void aMaskDoesNotMakeMoreBeReadTogether() {
    Shelf single = new Shelf(1);
    put(single, 60, 500_000);
    QueryBatch batch = single.run(BY_N, List.of(new PropertyPath(List.of("n"))));
    assertThat(batch.results()).hasSize(60);
    // The first are read before anything is known of their size.
    assertThat(single.bytesTogetherMax).isLessThan(21 * 500_000);
  }

  @Test
  void batchesJoinToTheWholeSortedOrStreamed() {
    put(2_500, 1);
    Query sorted = BY_N.withOrders(List.of(new Order("n", false), new Order(Query.KEY, true)));
    for (Query query : List.of(BY_N, sorted)) {
      QueryBatch batch = shelf.run(query);
      int results = batch.results().size();
      int batches = 1;
      while (batch.moreResults() == MoreResults.NOT_FINISHED) {
        batch = shelf.run(with(query, batch.endCursor(), NONE, 0, null));
        results += batch.results().size();
        batches++;
      }
      assertThat(results).isEqualTo(2_500);
      assertThat(batches).isEqualTo(3);
      assertThat(batch.moreResults()).isEqualTo(MoreResults.NO_MORE_RESULTS);
    }
  }

  @Test
  void theLargestOffsetTellsTheTrueCountInOneCall() {
    put(2, 1);
    QueryBatch batch = shelf.run(with(BY_N, NONE, NONE, Integer.MAX_VALUE, null));
    assertThat(batch.skippedResults()).isEqualTo(2);
    assertThat(batch.skippedCursor()).isNotEmpty().isEqualTo(batch.endCursor());
    assertThat(batch.moreResults()).isEqualTo(MoreResults.NO_MORE_RESULTS);
    assertThat(shelf.keysNoted).isZero();
  }

  @Test
  void aLimitOfZeroReadsNothing() {
    put(2, 1);
    QueryBatch batch = shelf.run(with(BY_N, NONE, NONE, 0, 0));
    assertThat(batch.moreResults()).isEqualTo(MoreResults.MORE_RESULTS_AFTER_LIMIT);
    assertThat(batch.endCursor()).isNotEmpty();
    assertThat(shelf.ranges).isEmpty();
  }

  @Test
  void anEmptyBatchHasAnEndCursorFromWhichLaterResultsAreFound() {
    QueryBatch empty = shelf.run(BY_N);
    assertThat(empty.moreResults()).isEqualTo(MoreResults.NO_MORE_RESULTS);
    put(3, 1);
    assertThat(shelf.run(with(BY_N, empty.endCursor(), NONE, 0, null)).results()).hasSize(3);
  }

  @Test
  void aCursorSurvivesWritesAndTheLossOfItsEntity() {
    put(3, 1);
    QueryBatch first = shelf.run(with(BY_N, NONE, NONE, 0, 2));
    shelf.delete(new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", 2))));
    assertThat(shelf.run(with(BY_N, first.endCursor(), NONE, 0, null)).results()).hasSize(1);
  }

  @Test
  void garbageAndCursorsOfOtherQueriesAreRefused() {
    put(1, 1);
    byte[] cursor = shelf.run(BY_N).endCursor();
    byte[] damaged = cursor.clone();
    damaged[damaged.length / 2] ^= 1;
    for (byte[] each : List.of(new byte[] {1}, new byte[40], damaged)) {
      assertThatThrownBy(() -> shelf.run(with(BY_N, each, NONE, 0, null)))
          .isInstanceOf(DatastoreException.class)
          .hasMessage("cursor is invalid");
    }
    Query other = BY_N.withOrders(List.of(new Order("text", false)));
    assertThatThrownBy(() -> shelf.run(with(other, cursor, NONE, 0, null)))
        .isInstanceOf(DatastoreException.class)
        .hasMessage("cursor does not match query");
  }

  @Test
  void aLimitedQueryNotesNoMoreThanItAnswers() {
    put(20, 1);
    shelf.run(with(BY_N, NONE, NONE, 0, 1));
    byte[] next = entry(2, 1);
    assertThat(shelf.ranges)
        .hasSize(4)
        .noneMatch(range -> new Interval(range.from(), range.until()).contains(next))
        .allMatch(range -> new Interval(range.from(), range.until()).contains(entry(-1, 0)));
    assertThat(shelf.keysNoted).isEqualTo(1);
    shelf.run(BY_N);
    assertThat(shelf.ranges)
        .allMatch(range -> new Interval(range.from(), range.until()).contains(next));
  }

  /** Of an entity that is not there, or of the first with this number. */
  private static byte[] entry(long id, int n) {
    return IndexKeyEncoding.propertyEntry(
        new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", id))),
        "n",
        new Value.IntegerValue(n));
  }

  @Test
  void plansCanBeRead() {
    Query filtered =
        new Query(
            RandomQueries.PARTITION,
            "K",
            List.of(),
            new Filter.And(
                List.of(
                    new Comparison("a", Operator.EQUAL, new Value.IntegerValue(1)),
                    new Comparison("b", Operator.EQUAL, new Value.IntegerValue(2)))),
            List.of(),
            List.of(),
            NONE,
            NONE,
            0,
            null);
    assertThat(shelf.queries().prepare(filtered).toString())
        .matches("stream all of \\[index of a = \\w+, index of b = \\w+\\] by __key__ ASC");
    assertThat(shelf.queries().prepare(BY_N).toString())
        .isEqualTo("stream index of n by n ASC, __key__ ASC");
  }
}

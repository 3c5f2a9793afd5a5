package dev.kindstead.query;

import static dev.kindstead.query.SideBySide.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.DatabaseIndexes.ReadyIndex;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.protocol.GqlTexts;
import dev.kindstead.query.Aggregation.Average;
import dev.kindstead.query.Aggregation.Count;
import dev.kindstead.query.Aggregation.Sum;
import dev.kindstead.transaction.ReadSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AggregationMiscountsTest {
  private static final Query ALL =
      new Query(
          RandomQueries.PARTITION,
          "K",
          List.of(),
          null,
          List.of(),
          List.of(),
          new byte[0],
          new byte[0],
          0,
          null);
  private final Shelf shelf = new Shelf(4);
  private int nextId = 1;

  @Test
  void countsWhatTheQueryFinds() {
    for (long seed = 0; seed < 30; seed++) {
      RandomQueries random = new RandomQueries(1_000 + seed);
      Shelf filled = new Shelf(3);
      Map<Key, Entity> entities = new HashMap<>();
      for (int i = 0; i < 50; i++) {
        Entity entity = random.entity();
        entities.put(Shelf.key(entity), entity);
        filled.put(entity);
      }
      for (int i = 0; i < 40; i++) {
        Query query = random.query();
        try {
          filled.queries().prepare(query);
        } catch (DatastoreException refused) {
          continue;
        }
        int results =
            QueryModel.results(
                    query,
                    Planner.plan(query, DatabaseIndexes.AUTOMATIC).rows().ordering(),
                    entities.values())
                .size();
        String story = "seed " + seed + "." + i + " " + query;
        assertThat(count(filled, query)).as(story).isEqualTo(results);
        int offset = random.below(5);
        int limit = random.below(8);
        assertThat(count(filled, with(query, new byte[0], new byte[0], offset, limit)))
            .as(story)
            .isEqualTo(Math.clamp(results - offset, 0, limit));
      }
    }
  }

  private static long count(Shelf shelf, Query query) {
    return aggregate(shelf, query, new Count("n", null)).get("n")
            instanceof IntegerValue(long count)
        ? count
        : -1;
  }

  @Test
  void aLimitedSumTakesTheSmallestValues() {
    for (long number : new long[] {9, 33, 9, 31, 22}) {
      put(new IntegerValue(number));
    }
    Query three = with(ALL, new byte[0], new byte[0], 0, 3);

    assertThat(aggregate(shelf, three, new Sum("sum", "v")))
        .containsEntry("sum", new IntegerValue(9 + 9 + 22));
  }

  @Test
  void countStopsAtItsBound() {
    put(new IntegerValue(1));
    put(new IntegerValue(2));
    assertThat(aggregate(shelf, ALL, new Count("none", 0L), new Count("one", 1L)))
        .containsEntry("none", new IntegerValue(0))
        .containsEntry("one", new IntegerValue(1));
  }

  @Test
  void nothingSumsToZeroAndAveragesToNull() {
    put(new Value.StringValue("no number"));
    put(new Value.TimestampValue(5));
    put(Value.NullValue.NULL);
    put(
        new Value.ArrayValue(
            List.of(Value.of(new IntegerValue(1)), Value.of(new IntegerValue(2)))));
    assertThat(aggregate(shelf, ALL, new Sum("s", "v"), new Average("a", "v")))
        .containsEntry("s", new IntegerValue(0))
        .containsEntry("a", Value.NullValue.NULL);
  }

  @Test
  void integersStayExactUntilTheyOverflow() {
    put(new IntegerValue(Long.MAX_VALUE));
    put(new IntegerValue(-1));
    assertThat(sum()).isEqualTo(new IntegerValue(Long.MAX_VALUE - 1));
    put(new IntegerValue(2));
    assertThat(sum()).isEqualTo(new DoubleValue(0x1p63));
  }

  @Test
  void anOverflowOnTheWayDoesNotMatter() {
    put(new IntegerValue(Long.MAX_VALUE));
    put(new IntegerValue(Long.MAX_VALUE));
    put(new IntegerValue(-Long.MAX_VALUE));
    put(new IntegerValue(-5));
    // By the order of their keys and by that of their values, the numbers overflow either way.
    assertThat(aggregate(shelf, ALL, new Sum("s", "v"), new Count("n", null)))
        .containsEntry("s", new IntegerValue(Long.MAX_VALUE - 5));
    assertThat(sum()).isEqualTo(new IntegerValue(Long.MAX_VALUE - 5));
    put(new IntegerValue(Long.MIN_VALUE));
    put(new IntegerValue(Long.MIN_VALUE));
    put(new IntegerValue(2));
    assertThat(sum()).isEqualTo(new DoubleValue(-0x1p63));
  }

  @Test
  void oneDoubleMakesTheSumADoubleAndNanPoisonsIt() {
    put(new IntegerValue(1));
    put(new DoubleValue(0.5));
    assertThat(sum()).isEqualTo(new DoubleValue(1.5));
    assertThat(aggregate(shelf, ALL, new Average("a", "v")))
        .containsEntry("a", new DoubleValue(0.75));
    put(new DoubleValue(Double.NaN));
    assertThat(sum()).isEqualTo(new DoubleValue(Double.NaN));
  }

  @Test
  void aSumReadsNoEntityWhenTheIndexHoldsItAndTheSameWhenNot() {
    put(new IntegerValue(3));
    put(new Value.TimestampValue(5));
    assertThat(sum()).isEqualTo(new IntegerValue(3));
    assertThat(shelf.keysNoted).isZero();
    assertThat(aggregate(shelf, ALL, new Sum("s", "v"), new Count("n", null)))
        .containsEntry("s", new IntegerValue(3))
        .containsEntry("n", new IntegerValue(2));
    assertThat(shelf.keysNoted).isEqualTo(2);
  }

  @Test
  void aSnapshotBeforeAnIndexIsSummedAsBeforeIt() {
    var definition =
        new IndexDefinition(
            1,
            RandomQueries.PARTITION.databaseId(),
            "K",
            false,
            List.of(new IndexedProperty("v", false), new IndexedProperty("w", false)));
    Shelf past =
        new Shelf(
            1, new DatabaseIndexes(true, List.of(new ReadyIndex(definition, Long.MAX_VALUE))));
    past.put(
        new Entity(
            new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", 1))),
            Map.of("v", Value.of(new IntegerValue(1)), "w", Value.of(new IntegerValue(7)))));
    Query query = GqlTexts.query("SELECT * FROM K WHERE v = 1");
    assertThat(aggregate(past, query, new Sum("s", "w"), new Average("a", "w")))
        .containsEntry("s", new IntegerValue(7))
        .containsEntry("a", new DoubleValue(7));
  }

  private Content sum() {
    return aggregate(shelf, ALL, new Sum("s", "v")).getOrDefault("s", Value.NullValue.NULL);
  }

  private void put(Content value) {
    Key key = new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", nextId++)));
    shelf.put(new Entity(key, Map.of("v", Value.of(value))));
  }

  private static Map<String, Content> aggregate(
      Shelf shelf, Query query, Aggregation... aggregations) {
    List<Aggregation> all = List.of(aggregations);
    try (ReadSession session = shelf.session()) {
      return shelf.queries().prepare(query, all).aggregate(session, all).values();
    }
  }
}

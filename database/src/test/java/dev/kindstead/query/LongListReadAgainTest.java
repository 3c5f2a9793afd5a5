package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.protocol.GqlTexts;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An entity is met once by each element of a list. Read each time, one with a list of 20,000 kept a
 * query busy until its budget was spent.
 */
final class LongListReadAgainTest {
  private static final int ENTITIES = 5;
  private static final int ELEMENTS = 2_000;

  private final Shelf shelf = new Shelf(1);

  @BeforeEach
  void put() {
    Value list =
        Value.of(
            new Value.ArrayValue(
                LongStream.range(0, ELEMENTS)
                    .mapToObj(each -> Value.of(new Value.IntegerValue(each)))
                    .toList()));
    for (int id = 1; id <= ENTITIES; id++) {
      Key key = new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", id)));
      Value number = Value.of(new Value.IntegerValue(-id));
      shelf.put(new Entity(key, Map.of("list", list, "n", number)));
    }
  }

  private QueryBatch run(String gql) {
    return shelf.run(GqlTexts.query(gql));
  }

  private void readsEachAtMostTwice(String gql, int results) {
    QueryBatch batch = run(gql);
    assertThat(batch.results()).as(gql).hasSize(results);
    assertThat(batch.work().entitiesRead()).as(gql).isLessThanOrEqualTo(2 * ENTITIES);
    assertThat(batch.work().indexEntriesScanned()).as(gql).isGreaterThan(ELEMENTS);
  }

  @Test
  void whereResultsFlow() {
    readsEachAtMostTwice("SELECT * FROM K ORDER BY list", ENTITIES);
    readsEachAtMostTwice("SELECT * FROM K WHERE list > 5 ORDER BY list DESC", ENTITIES);
  }

  @Test
  void whereTheyAreSorted() {
    readsEachAtMostTwice("SELECT * FROM K ORDER BY list, n", ENTITIES);
    readsEachAtMostTwice("SELECT * FROM K WHERE list > 5 ORDER BY list DESC, n", ENTITIES);
  }

  @Test
  void whereEachElementIsAResult() {
    readsEachAtMostTwice("SELECT list FROM K WHERE list < 10 OR list > 1990 OR n > 0", 5 * 19);
  }

  @Test
  void whicheverElementCounts() {
    readsEachAtMostTwice(
        "SELECT * FROM K WHERE list > 1990 OR list < 1500 ORDER BY list", ENTITIES);
    assertThat(run("SELECT * FROM K WHERE list >= 1999 ORDER BY list, n").results())
        .hasSize(ENTITIES);
  }
}

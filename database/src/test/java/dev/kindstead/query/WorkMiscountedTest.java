package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Query.Order;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An explanation says what was really scanned and read. */
final class WorkMiscountedTest {
  private final Shelf shelf = new Shelf(4);

  @BeforeEach
  void put() {
    for (int i = 0; i < 8; i++) {
      shelf.put(
          new Entity(
              new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", i + 1))),
              Map.of("n", Value.of(new Value.IntegerValue(i)))));
    }
  }

  private static Query query(
      @Nullable String kind, List<String> projection, @Nullable Filter filter, List<Order> orders) {
    byte[] none = new byte[0];
    return new Query(
        RandomQueries.PARTITION, kind, projection, filter, orders, List.of(), none, none, 0, null);
  }

  private void assertWork(Query query, long entries, long entities, String... indexes) {
    Work work = shelf.run(query).work();
    assertThat(work.indexEntriesScanned()).isEqualTo(entries);
    assertThat(work.entitiesRead()).isEqualTo(entities);
    assertThat(shelf.queries().prepare(query).indexesUsed())
        .extracting(IndexUse::properties)
        .containsExactly(indexes);
  }

  @Test
  void wholeEntitiesAreReadOnceEach() {
    assertWork(query("K", List.of(), null, List.of()), 8, 8, "(__name__ ASC)");
  }

  @Test
  void keysAndProjectionsReadNoEntity() {
    assertWork(query("K", List.of(Query.KEY), null, List.of()), 8, 0, "(__name__ ASC)");
    assertWork(
        query("K", List.of("n"), null, List.of(new Order("n", true))),
        8,
        0,
        "(n DESC, __name__ DESC)");
  }

  @Test
  void aRangeMeetsOnlyItsEntries() {
    var filter = new Comparison("n", Operator.GREATER_THAN, new Value.IntegerValue(4));
    assertWork(query("K", List.of(), filter, List.of()), 3, 3, "(n ASC, __name__ ASC)");
  }

  @Test
  void kindlessQueriesMeetEntitiesInsteadOfEntries() {
    assertWork(query(null, List.of(), null, List.of()), 0, 8, "(__name__ ASC)");
  }
}

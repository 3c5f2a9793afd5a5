package dev.kindstead.acceptance;

import static com.google.cloud.datastore.aggregation.Aggregation.avg;
import static com.google.cloud.datastore.aggregation.Aggregation.count;
import static com.google.cloud.datastore.aggregation.Aggregation.sum;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.datastore.AggregationQuery;
import com.google.cloud.datastore.Cursor;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.EntityQuery;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.PathElement;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.QueryResults;
import com.google.cloud.datastore.StructuredQuery.CompositeFilter;
import com.google.cloud.datastore.StructuredQuery.OrderBy;
import com.google.cloud.datastore.StructuredQuery.PropertyFilter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("shared")
@ExtendWith(SharedServer.class)
class JavaClientQueriesTest {
  private static final int TASKS = 25;

  private final String project = Projects.fresh();
  private final Datastore datastore;

  /** Task 0 to 24: number, its remainder by five as text, and all under one of two lists. */
  JavaClientQueriesTest(Endpoint server) {
    datastore = JavaClient.of(server, project);
    List<Entity> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      tasks.add(
          Entity.newBuilder(key(i))
              .set("number", i)
              .set("remainder", "r" + i % 5)
              .set("half", i / 2.0)
              .build());
    }
    datastore.put(tasks.toArray(Entity[]::new));
  }

  private Key key(int i) {
    return datastore
        .newKeyFactory()
        .addAncestor(PathElement.of("List", i % 2 == 0 ? "even" : "odd"))
        .setKind("Task")
        .newKey("task-%02d".formatted(i));
  }

  private static EntityQuery.Builder tasks() {
    return Query.newEntityQueryBuilder().setKind("Task");
  }

  private List<Long> numbers(EntityQuery.Builder query) {
    return Lists.transform(
        ImmutableList.copyOf(datastore.run(query.build())), e -> e.getLong("number"));
  }

  @Test
  void allOfAKind() {
    assertThat(numbers(tasks())).hasSize(TASKS).doesNotHaveDuplicates();
  }

  @Test
  void equality() {
    assertThat(numbers(tasks().setFilter(PropertyFilter.eq("remainder", "r3"))))
        .containsExactlyInAnyOrder(3L, 8L, 13L, 18L, 23L);
  }

  @Test
  void twoEqualities() {
    assertThat(
            numbers(
                tasks()
                    .setFilter(
                        CompositeFilter.and(
                            PropertyFilter.eq("remainder", "r3"), PropertyFilter.eq("number", 8)))))
        .containsExactly(8L);
  }

  @Test
  void rangesInBothDirections() {
    CompositeFilter range =
        CompositeFilter.and(PropertyFilter.ge("number", 5), PropertyFilter.lt("number", 9));

    assertThat(numbers(tasks().setFilter(range))).containsExactly(5L, 6L, 7L, 8L);
    assertThat(numbers(tasks().setFilter(range).setOrderBy(OrderBy.desc("number"))))
        .containsExactly(8L, 7L, 6L, 5L);
  }

  @Test
  void ancestor() {
    Key even = datastore.newKeyFactory().setKind("List").newKey("even");

    assertThat(numbers(tasks().setFilter(PropertyFilter.hasAncestor(even))))
        .hasSize(13)
        .allMatch(number -> number % 2 == 0);
  }

  @Test
  void keysOnly() {
    List<Key> keys =
        ImmutableList.copyOf(
            datastore.run(
                Query.newKeyQueryBuilder()
                    .setKind("Task")
                    .setFilter(PropertyFilter.eq("number", 7))
                    .build()));

    assertThat(keys).containsExactly(key(7));
  }

  @Test
  void projection() {
    var results =
        datastore.run(
            Query.newProjectionEntityQueryBuilder()
                .setKind("Task")
                .setProjection("half")
                .setFilter(PropertyFilter.lt("half", 1.4))
                .build());

    assertThat(Lists.transform(ImmutableList.copyOf(results), e -> e.getDouble("half")))
        .containsExactly(0.0, 0.5, 1.0);
  }

  @Test
  void offsetAndLimit() {
    assertThat(numbers(tasks().setOrderBy(OrderBy.asc("number")).setOffset(20).setLimit(3)))
        .containsExactly(20L, 21L, 22L);
    assertThat(numbers(tasks().setOrderBy(OrderBy.asc("number")).setOffset(Integer.MAX_VALUE)))
        .isEmpty();
  }

  @Test
  void cursorsPageThroughEverythingOnce() {
    List<Long> seen = new ArrayList<>();
    MoreResultsType more = MoreResultsType.MORE_RESULTS_AFTER_LIMIT;
    Cursor next = null;
    while (more != MoreResultsType.NO_MORE_RESULTS) {
      EntityQuery.Builder page = tasks().setOrderBy(OrderBy.desc("number")).setLimit(10);
      if (next != null) {
        page.setStartCursor(next);
      }
      QueryResults<Entity> results = datastore.run(page.build());
      results.forEachRemaining(entity -> seen.add(entity.getLong("number")));
      next = results.getCursorAfter();
      more = results.getMoreResults();
      assertThat(seen).hasSizeLessThanOrEqualTo(TASKS);
    }

    assertThat(seen).hasSize(TASKS).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void aCursorInTheMiddleEndsAQuery() {
    QueryResults<Entity> all = datastore.run(tasks().setOrderBy(OrderBy.asc("number")).build());
    all.next();
    all.next();
    Cursor afterTwo = all.getCursorAfter();

    assertThat(numbers(tasks().setOrderBy(OrderBy.asc("number")).setEndCursor(afterTwo)))
        .containsExactly(0L, 1L);
  }

  @Test
  void aggregations() {
    AggregationQuery query =
        Query.newAggregationQueryBuilder()
            .over(tasks().setFilter(PropertyFilter.ge("number", 20)).build())
            .addAggregation(count().as("count"))
            .addAggregation(sum("number").as("sum"))
            .addAggregation(avg("number").as("average"))
            .build();

    var result = datastore.runAggregation(query).get(0);

    assertThat(result.getLong("count")).isEqualTo(5);
    assertThat(result.getLong("sum")).isEqualTo(110);
    assertThat(result.getDouble("average")).isEqualTo(22.0);
  }

  /**
   * As Beam asks for the size of a kind, to decide into how many parts to split it. A round of
   * counting that goes on while the entities are written finds some of them.
   */
  @Test
  void statisticsOfAKind() throws InterruptedException {
    Entity found = statisticsOfTasks();
    for (int i = 0; (found == null || found.getLong("count") != TASKS) && i < 400; i++) {
      Thread.sleep(100);
      found = statisticsOfTasks();
    }
    Entity last = Objects.requireNonNull(found, "nothing was counted");
    assertThat(last.getLong("count")).isEqualTo(TASKS);
    assertThat(last.getLong("bytes")).isPositive();
  }

  /** Those of the newest count, null before the first one. */
  private @Nullable Entity statisticsOfTasks() {
    Query<Entity> newest =
        Query.newEntityQueryBuilder()
            .setKind("__Stat_Total__")
            .setOrderBy(OrderBy.desc("timestamp"))
            .setLimit(1)
            .build();
    List<Entity> totals = ImmutableList.copyOf(datastore.run(newest));
    if (totals.isEmpty()) {
      return null;
    }
    Query<Entity> ofKind =
        Query.newEntityQueryBuilder()
            .setKind("__Stat_Kind__")
            .setFilter(
                CompositeFilter.and(
                    PropertyFilter.eq("kind_name", "Task"),
                    PropertyFilter.eq("timestamp", totals.getFirst().getTimestamp("timestamp"))))
            .build();
    List<Entity> found = ImmutableList.copyOf(datastore.run(ofKind));
    assertThat(found).hasSizeLessThan(2);
    return found.isEmpty() ? null : found.getFirst();
  }
}

package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.Entity;
import dev.kindstead.protocol.GqlTexts;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Faults planted under random cases: what is left of a failing case must be short. */
final class FailureTooLongToReadTest {
  private static final int SEEDS = 20;
  private static final int ENTITIES = 60;
  private static final int QUERIES_PER_SEED = 20;
  private static final int FAILURES_MIN = 5;

  /** Every entity whose {@code a} is null is lost. */
  private static void loseEntity(QueryCase asked) {
    List<Entity> stored =
        asked.entities().stream()
            .filter(each -> !ScriptText.entity(each).contains("a = NULL"))
            .toList();
    new SideBySide(stored, asked.entities(), asked.indexes(), asked.shards())
        .check(asked.query(), asked.page(), asked.at());
  }

  /** Equality filters on {@code b} are ignored. */
  private static void ignoreFilter(QueryCase asked) {
    SideBySide both =
        new SideBySide(asked.entities(), asked.entities(), asked.indexes(), asked.shards());
    if (both.plan(asked.query()) == null) {
      return;
    }
    Ordering ordering = Planner.plan(asked.query(), asked.indexes()).rows().ordering();
    var expected = QueryModel.results(asked.query(), ordering, asked.entities());
    var actual = QueryModel.results(withoutFilter(asked.query()), ordering, asked.entities());
    if (expected.size() != actual.size()) {
      throw new Disagreement("the whole", expected, actual, null);
    }
  }

  private static Query withoutFilter(Query query) {
    return new Query(
        query.partition(),
        query.kind(),
        query.projection(),
        query.filter() == null ? null : withoutFilter(query.filter()),
        query.orders(),
        query.distinctOn(),
        query.startCursor(),
        query.endCursor(),
        query.offset(),
        query.limit());
  }

  private static @Nullable Filter withoutFilter(Filter filter) {
    return switch (filter) {
      case And(List<Filter> filters) -> {
        List<Filter> left = filters.stream().filter(each -> !isIgnored(each)).toList();
        yield left.isEmpty() ? null : new And(left);
      }
      case Or or -> or;
      case Comparison comparison -> isIgnored(comparison) ? null : comparison;
    };
  }

  private static boolean isIgnored(Filter filter) {
    return filter instanceof Comparison comparison
        && comparison.property().equals("b")
        && comparison.operator() == Operator.EQUAL;
  }

  private static int failures(Consumer<QueryCase> faulty, Consumer<QueryCase> expected) {
    int failures = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomQueries random = new RandomQueries(seed);
      DatabaseIndexes indexes = random.indexes();
      List<Entity> entities = Stream.generate(random::entity).limit(ENTITIES).toList();
      for (int i = 0; i < QUERIES_PER_SEED; i++) {
        QueryCase one = new QueryCase(entities, indexes, random.query(), 4, 3, 7);
        try {
          faulty.accept(one);
        } catch (Disagreement found) {
          failures++;
          expected.accept(Shrinker.smallest(one, found, faulty));
          break;
        }
      }
    }
    return failures;
  }

  @Test
  void aLostEntityIsLeftAlmostAlone() {
    int failures =
        failures(
            FailureTooLongToReadTest::loseEntity,
            small -> {
              assertThat(small.entities()).as(small.toString()).hasSizeLessThanOrEqualTo(2);
              assertThat(small.indexes().ready()).as(small.toString()).isEmpty();
              // Where the lost one had replaced another, an order may be what shows it.
              assertThat(small.query().orders())
                  .as(small.toString())
                  .hasSizeLessThan(small.entities().size());
              assertThat(small.query().filter()).as(small.toString()).isNull();
              assertThat(small.toString().lines()).hasSizeLessThanOrEqualTo(5);
            });
    assertThat(failures).isGreaterThan(FAILURES_MIN);
  }

  @Test
  void anIgnoredFilterIsLeftAlone() {
    int failures =
        failures(
            FailureTooLongToReadTest::ignoreFilter,
            small -> {
              assertThat(small.entities()).as(small.toString()).hasSize(1);
              assertThat(small.query().filter())
                  .as(small.toString())
                  .isInstanceOfSatisfying(
                      Comparison.class, only -> assertThat(only.property()).isEqualTo("b"));
              assertThat(small.page()).isNull();
              assertThat(small.at()).isNull();
              assertThat(small.shards()).isEqualTo(1);
            });
    assertThat(failures).isGreaterThan(FAILURES_MIN);
  }

  @Test
  void theStoryNamesSeedCaseAndBothAnswers() {
    RandomQueries random = new RandomQueries(1);
    List<Entity> entities = Stream.generate(random::entity).limit(ENTITIES).toList();
    Query query = GqlTexts.query("SELECT * FROM K");
    QueryCase one = new QueryCase(entities, DatabaseIndexes.AUTOMATIC, query, 4, 3, 7);
    Disagreement found = catchThrowableOfType(Disagreement.class, () -> loseEntity(one));
    assertThat(found).isNotNull();
    assertThat(Shrinker.shrunk("1.0", one, found, FailureTooLongToReadTest::loseEntity))
        .hasMessageMatching(
            """
            seed 1\\.0, shrunk in \\d+ tries:
            entity L, -1, K, -1: a = NULL
            query SELECT \\* FROM K
            plan stream kind K by __key__ ASC
            asked over 1 shard
            the whole
            expected \\[L, -1, K, -1\\]
            actual   \\[\\]\
            """);
  }
}

package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.Entity;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Random entities and queries: the product and a plain evaluation must give the same results. A
 * case that fails is shrunk before it is told.
 */
final class QueriesAgreeWithModelTest {
  private static final int SEEDS = Integer.getInteger("query.seeds", 2_000);
  private static final int QUERIES_PER_SEED = 60;
  private static final int ENTITIES_PER_SEED = 60;
  private static final int SHARDS = 4;

  @Test
  void everyQueryAsAWholeAndInPages() {
    int composite = 0;
    int ran = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomQueries random = new RandomQueries(seed);
      DatabaseIndexes indexes = seed % 3 == 0 ? DatabaseIndexes.AUTOMATIC : random.indexes();
      List<Entity> entities = Stream.generate(random::entity).limit(ENTITIES_PER_SEED).toList();
      SideBySide both = new SideBySide(entities, entities, indexes, SHARDS);
      for (int i = 0; i < QUERIES_PER_SEED; i++) {
        Query query = random.query();
        int page = 1 + random.below(4);
        int at = random.below(ENTITIES_PER_SEED);
        check(seed + "." + i, both, new QueryCase(entities, indexes, query, SHARDS, page, at));
        String plan = both.plan(query);
        ran += plan == null ? 0 : 1;
        composite += plan != null && plan.contains("index K") ? 1 : 0;
      }
    }
    assertThat(ran).isGreaterThan(SEEDS * QUERIES_PER_SEED / 2);
    assertThat(composite).isGreaterThan(SEEDS * QUERIES_PER_SEED / 40);
  }

  private static void check(String seed, SideBySide both, QueryCase one) {
    try {
      both.check(one.query(), one.page(), one.at());
    } catch (Disagreement found) {
      throw Shrinker.shrunk(seed, one, found, QueryCase::check);
    }
  }
}

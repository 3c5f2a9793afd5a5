package dev.kindstead.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.index.IndexCatalog;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Value;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Nearest;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.vector.Measure;
import dev.kindstead.vector.VectorIndexes;
import dev.kindstead.vector.VectorSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A graph finds nearly all that is nearest, and everything that was just written. */
final class NearVectorOverlookedTest {
  private static final byte[] NONE = new byte[0];
  private static final int DIMENSIONS = 24;
  private static final int SHARDS = 2;
  private static final int COUNT = 7_000;
  private static final int LIMIT = 10;

  private final LocalDatabase database = new LocalDatabase(SHARDS, ConcurrencyMode.OPTIMISTIC);
  private final SystemTimers timers = new SystemTimers();
  private final VectorIndexes graphs =
      new VectorIndexes(database.transactions::readShard, new SystemClock(), timers, database.pool);
  private final QuerySessions sessions =
      new QuerySessions(
          database.transactions, IndexWishes.UNHEARD, database.pool, new SystemClock());
  private final RunQuery approximate =
      new RunQuery(
          new Queries(database.map, IndexCatalog.AUTOMATIC, new SystemClock(), graphs), sessions);
  private final RunQuery exact =
      new RunQuery(new Queries(database.map, IndexCatalog.AUTOMATIC, new SystemClock()), sessions);
  private final Random random = new Random(7);

  /** Around these, since what is stored as vectors stands in clusters. */
  private final double[][] centres = new double[40][];

  NearVectorOverlookedTest() {
    for (int i = 0; i < centres.length; i++) {
      centres[i] = random.doubles(DIMENSIONS, -1, 1).toArray();
    }
    List<Mutation> some = new ArrayList<>();
    for (long id = 1; id <= COUNT; id++) {
      some.add(put(id, vector()));
      if (some.size() == 500 || id == COUNT) {
        database
            .transactions
            .commit(new CommitRequest(LocalDatabase.DATABASE, null, false, List.copyOf(some)))
            .join();
        some.clear();
      }
    }
  }

  @AfterEach
  void close() {
    graphs.close();
    database.close();
    timers.close();
  }

  private double[] vector() {
    double[] centre = centres[random.nextInt(centres.length)];
    return Arrays.stream(centre).map(each -> each + 0.3 * random.nextGaussian()).toArray();
  }

  private static Mutation put(long id, double[] vector) {
    List<Value> elements =
        Arrays.stream(vector).mapToObj(each -> Value.of(new Value.DoubleValue(each))).toList();
    return LocalDatabase.put(id, Map.of("v", new Value(new Value.ArrayValue(elements), 31, true)));
  }

  private List<Long> near(RunQuery queries, double[] target, Measure measure) {
    var query =
        new Query(
            LocalDatabase.PARTITION,
            "K",
            List.of(),
            null,
            List.of(),
            List.of(),
            NONE,
            NONE,
            0,
            null,
            new Nearest("v", target, measure, LIMIT, null, null));
    return requireNonNull(
            queries
                .run(new ReadMode.Strong(), query, null, Explain.NOTHING, Long.MAX_VALUE)
                .join()
                .batch())
        .results()
        .stream()
        .map(each -> requireNonNull(EntityEncoding.decodeKeyOnly(each.entity())).last().id())
        .toList();
  }

  private void awaitGraphs(Measure measure) throws InterruptedException {
    for (int shard = 0; shard < SHARDS; shard++) {
      var space = new VectorSpace(shard, LocalDatabase.PARTITION, "K", "v", DIMENSIONS, measure);
      for (int i = 0; i < 6_000 && !graphs.isReady(space); i++) {
        Thread.sleep(10);
      }
      assertThat(graphs.isReady(space)).isTrue();
    }
  }

  @Test
  void mostOfTheNearestAndAllThatChanged() throws Exception {
    Measure measure = Measure.EUCLIDEAN;
    double[] target = vector();
    assertThat(near(approximate, target, measure)).isEqualTo(near(exact, target, measure));
    awaitGraphs(measure);
    int same = 0;
    int rounds = 50;
    for (int i = 0; i < rounds; i++) {
      double[] each = vector();
      Set<Long> found = new HashSet<>(near(approximate, each, measure));
      assertThat(found).hasSize(LIMIT);
      found.retainAll(near(exact, each, measure));
      same += found.size();
    }
    double recall = (double) same / (rounds * LIMIT);
    System.out.printf("recall at %d of %,d vectors: %.3f%n", LIMIT, COUNT, recall);
    assertThat(recall).isGreaterThan(0.9);
    findsWhatStoodBehindTheMoved(measure);
    findsWhatStoodBehindTheGone(measure);
    followsEveryChange(target, measure);
  }

  /** With enough that is new and far for the answer to be full all the same. */
  private void findsWhatStoodBehindTheGone(Measure measure) {
    double[] target = vector();
    for (int i = 0; i < 3; i++) {
      near(exact, target, measure)
          .forEach(id -> database.commit(null, LocalDatabase.delete(id)).join());
    }
    for (long id = COUNT + 2_000; id < COUNT + 2_020; id++) {
      database.commit(null, put(id, far())).join();
    }
    assertFinds(target, measure);
  }

  private void findsWhatStoodBehindTheMoved(Measure measure) {
    double[] target = vector();
    for (int i = 0; i < 3; i++) {
      near(exact, target, measure).forEach(id -> database.commit(null, put(id, far())).join());
    }
    assertFinds(target, measure);
  }

  private double[] far() {
    return random.doubles(DIMENSIONS, 50, 60).toArray();
  }

  private void assertFinds(double[] target, Measure measure) {
    List<Long> expected = near(exact, target, measure);
    assertThat(near(approximate, target, measure).stream().filter(expected::contains))
        .hasSizeGreaterThanOrEqualTo(LIMIT - 1);
  }

  /** Through many changes, so that the graphs are brought up to date meanwhile. */
  private void followsEveryChange(double[] target, Measure measure) {
    Map<Long, double[]> placed = new TreeMap<>();
    for (int round = 0; round < 600; round++) {
      long id = 1 + random.nextInt(COUNT + 1_000);
      if (random.nextInt(3) == 0 && !placed.isEmpty()) {
        id = placed.keySet().iterator().next();
        database.commit(null, LocalDatabase.delete(id)).join();
        placed.remove(id);
      } else {
        double[] close = target.clone();
        // So that the graph, which counts in floats, tells them apart, too.
        close[round % DIMENSIONS] += 1e-3 * (round + 1);
        database.commit(null, put(id, close)).join();
        placed.put(id, close);
      }
      if (placed.size() < LIMIT) {
        assertThat(near(approximate, target, measure)).containsAll(placed.keySet());
      } else if (round % 20 == 0) {
        assertThat(near(approximate, target, measure)).isEqualTo(near(exact, target, measure));
      }
    }
  }

  @Test
  void productsOfUnequalLengthsStayExact() {
    double[] target = vector();
    List<Long> first = near(approximate, target, Measure.DOT_PRODUCT);
    assertThat(first).isEqualTo(near(exact, target, Measure.DOT_PRODUCT));
    for (int i = 0; i < 20; i++) {
      double[] each = vector();
      assertThat(near(approximate, each, Measure.DOT_PRODUCT))
          .isEqualTo(near(exact, each, Measure.DOT_PRODUCT));
    }
  }
}

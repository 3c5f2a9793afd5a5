package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Simulated runs that are about more than transactions on lists. */
final class SubjectsTest {
  private static final int SEEDS = 6;

  /** Seeds that found bugs of the product, which have room tests as well; one removes a node. */
  private static final long[] MORE = {12, 14, 19};

  private static WorldOptions options(long seed, Subjects subjects) {
    return WorldOptions.draw(seed, new SplittableRandom(seed)).withSubjects(subjects);
  }

  private static Map<String, Integer> run(Subjects subjects) {
    Map<String, Integer> probes = new TreeMap<>();
    LongStream.concat(LongStream.rangeClosed(1, SEEDS), LongStream.of(MORE))
        .mapToObj(seed -> options(seed, subjects))
        .forEach(options -> {
          WorldVerdict verdict = new World(options).run();
          assertThat(verdict.anomalies()).as("%s", options).isEmpty();
          assertThat(verdict.isValid()).as("%s did enough", options).isTrue();
          verdict.probes().forEach((probe, hits) -> probes.merge(probe, hits, Integer::sum));
        });
    return probes;
  }

  @Test
  void queriesAnswerWhatTheHistorySays() {
    assertThat(run(new Subjects(true, 0, false)))
        .containsKeys(
            "query judged",
            "query in a transaction",
            "query in pages",
            "page read at another node",
            "query at a node that does not serve",
            "index built",
            "index built by another node than began",
            "index deleted");
  }

  @Test
  void nothingIsLostWhileReplicasMove() {
    assertThat(run(new Subjects(true, 5, false)))
        .containsKeys(
            "members changed",
            "change of members interrupted",
            "loss",
            "newcomer",
            "node removed",
            "checkpoint loaded",
            "rows asked of a leader",
            "query judged",
            "index built");
  }

  /** Each found a bug once, most of them of the product: docs/reliability.md tells which. */
  @Test
  void seedsThatFoundBugsPass() {
    Map<Long, Subjects> found =
        Map.of(
            7018L, new Subjects(true, 4, false),
            373L, new Subjects(true, 5, false),
            408L, new Subjects(true, 5, false),
            101L, new Subjects(false, 4, false),
            200185L, new Subjects(false, 4, false));
    found.forEach((seed, subjects) ->
        assertThat(new World(options(seed, subjects)).run().anomalies())
            .as("seed %s", seed)
            .isEmpty());
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    for (Subjects subjects :
        new Subjects[] {new Subjects(true, 0, false), new Subjects(true, 4, false)}) {
      WorldOptions options = options(3, subjects);
      assertThat(new World(options).run()).isEqualTo(new World(options).run());
    }
  }
}

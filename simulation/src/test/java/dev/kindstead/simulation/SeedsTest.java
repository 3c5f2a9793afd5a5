package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.telemetry.Logging;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated lives of this build: the volume that docs/reliability.md promises for every change. */
final class SeedsTest {
  private static final int SEEDS = Integer.getInteger("simulation.seeds", 1_000);

  /** In proportion, and the whole volume has so many hours at least. */
  private static final Duration LEAST = Duration.ofHours(40).multipliedBy(SEEDS).dividedBy(1_000);

  private static final int PARALLEL = Runtime.getRuntime().availableProcessors();

  /** Failures that are told; all are counted. */
  private static final int TOLD_MAX = 3;

  @BeforeAll
  static void quiet() {
    Logging.setLevel("warn");
  }

  @Test
  void noSeedFindsAnAnomaly() {
    var totals = new Totals();
    var told = new StringWriter();
    var report = new FailureReport(new PrintWriter(told), FailureReport.SHRUNK_MAX);
    new Volume(1, SEEDS, LEAST, PARALLEL)
        .run(
            Lives.DRAWN::draw,
            new Volume.Listener() {
              @Override
              public boolean ended(WorldVerdict verdict) {
                totals.add(verdict);
                if (!verdict.passed()) {
                  report.tell(verdict);
                }
                return totals.notPassed() < TOLD_MAX;
              }

              @Override
              public void took(Duration soFar) {
                System.out.println(totals.progress(soFar));
              }
            });
    System.out.println(totals);
    assertThat(totals.notPassed()).as(told.toString()).isZero();
    assertThat(totals.missing()).as("what must happen in %s", totals).isEmpty();
    assertThat(totals.hours()).isGreaterThanOrEqualTo(LEAST.toMillis() / 3.6e6);
  }

  /** A short life of three nodes, an intense one, and a long one. */
  @ParameterizedTest
  @ValueSource(longs = {1, 22, 20})
  void theSameSeedGivesTheSameTrace(long seed) {
    assertThat(new World(seed).run()).isEqualTo(new World(seed).run());
  }

  @Test
  void aSeedThatIsNotTheSameAgainFails() {
    WorldVerdict one = new World(Lives.SHORT.draw(1)).run();
    WorldVerdict other = new World(Lives.SHORT.draw(2)).run();
    assertThat(one.comparedWith(one)).isEqualTo(one);
    assertThat(one.comparedWith(other).passed()).isFalse();
    assertThat(one.comparedWith(other).anomalies())
        .singleElement()
        .asString()
        .startsWith("not deterministic: trace ");
  }

  /** Nothing is shared between worlds, and verdicts come in the order of seeds. */
  @Test
  void whatRunsBesideMakesNoDifference() {
    assertThat(traces(3)).isEqualTo(traces(1));
  }

  private static String traces(int parallel) {
    var traces = new StringBuilder();
    new Volume(40, 12, Duration.ZERO, parallel)
        .run(
            Lives.SHORT::draw,
            new Volume.Listener() {
              @Override
              public boolean ended(WorldVerdict verdict) {
                traces.append(verdict.options().seed()).append(' ').append(verdict.traceHash());
                return true;
              }

              @Override
              public void took(Duration soFar) {}
            });
    return traces.toString();
  }
}

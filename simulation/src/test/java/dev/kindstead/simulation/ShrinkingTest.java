package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who gets a failing seed is to see as little as possible of what does not belong to it. */
final class ShrinkingTest {
  private static final WorldVerdict FAILED =
      new World(
              WorldOptions.planted(
                  1, Plant.ACKNOWLEDGED_BEFORE_A_MAJORITY, Set.of("isolation", "pause", "crash")))
          .run();

  @Test
  void aSmallerRunStillFails() {
    assertThat(FAILED.anomalies()).isNotEmpty();
    WorldVerdict small = Shrinking.of(FAILED);
    assertThat(small.anomalies()).isNotEmpty();
    assertThat(small.options().life().duration()).isLessThan(FAILED.options().life().duration());
    assertThat(small.options().crowd().clients() + small.options().crowd().readers())
        .isLessThan(16);
    assertThat(new World(small.options()).run()).isEqualTo(small);
  }

  @Test
  void itIsToldWithWhatBefellIt() {
    var text = new StringWriter();
    new FailureReport(new PrintWriter(text), 1).tell(FAILED);
    assertThat(text.toString())
        .contains("simulation/run --seed 1 --intense ", " --lasting ", " --chronicle (planted: ")
        .containsPattern("\\| \\d+\\.\\d+ .*(isolated|pause|crash)");
  }

  /** For each of them takes a minute. */
  @Test
  void onlyTheFirstAreMadeSmaller() {
    var text = new StringWriter();
    var report = new FailureReport(new PrintWriter(text), 1);
    report.tell(FAILED);
    report.tell(FAILED);
    assertThat(text.toString().split("seed 1: FAILED", -1)).hasSize(3);
    assertThat(text.toString().split("the smallest run found", -1)).hasSize(2);
  }

  @Test
  void whatNeverHappenedMakesARunInvalid() {
    assertThat(Probes.missing(29, 0, Map.of())).isEmpty();
    assertThat(Probes.missing(1_000, 100, Map.of("crash", 1)))
        .contains("power cut", "suspension", "lists deleted")
        .doesNotContain("crash");
  }

  /** Of 1,000 drawn seeds some 875 are short, and the build's demand is that of 1,000. */
  @Test
  void longLivesNeedNotDoWhatOnlyShortOnesDo() {
    assertThat(Probes.missing(1_000, 1_000, Map.of()))
        .contains("power cut", "lists deleted")
        .doesNotContain("query judged", "members changed", "loss");
    assertThat(Probes.missing(200, 30, Map.of())).contains("query judged", "members changed");
    assertThat(Probes.missing(1_000, 150, Map.of())).contains("loss", "newcomer");
  }
}

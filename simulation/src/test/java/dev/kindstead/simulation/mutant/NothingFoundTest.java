package dev.kindstead.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.mutant.Checks.Anomaly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What says too little, or was only slow, has not found a mutant. */
final class NothingFoundTest {
  private static final List<String> INVALID =
      List.of(
          "seed 3: INVALID (too few commits), 9 committed, 0 aborted, 0 unknown, trace 1",
          "  WorldOptions[seed=3]",
          "  probes {election=1}");

  private static List<String> and(String... more) {
    var lines = new ArrayList<>(INVALID);
    lines.addAll(List.of(more));
    return lines;
  }

  @Test
  void aRunThatSaidTooLittleIsNoFind() {
    assertThat(Checks.anomaly(INVALID)).isEmpty();
    assertThat(Checks.anomaly(and("1 seeds, 0 failed, 1 invalid", "  what comes later"))).isEmpty();
  }

  @Test
  void oneBehindItIs() {
    assertThat(
            Checks.anomaly(
                and(
                    "seed 5: FAILED, 90 committed, 0 aborted, 0 unknown, trace 1",
                    "  WorldOptions[seed=5]",
                    "  probes {election=1}",
                    "  lost write: 7")))
        .contains(new Anomaly(5, "lost write: 7"));
  }

  @Test
  void anAnomalyCountsWhereTooLittleWasSaid() {
    assertThat(Checks.anomaly(and("  stands still"))).contains(new Anomaly(3, "stands still"));
  }

  @Test
  void testsThatAreSlowAnywayDoNotHang() {
    Duration limit = Duration.ofMinutes(2);
    assertThat(Checks.whyNotHung(Duration.ofSeconds(29), limit)).isEmpty();
    assertThat(Checks.whyNotHung(Duration.ofSeconds(30), limit)).contains("120 s", "30 s");
  }
}

package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated runs of this build: as many seeds as the time allows. */
final class SeedsTest {
  private static final int SEEDS = Integer.getInteger("kindstead.simulation.seeds", 30);

  @Test
  void noSeedFindsAnAnomaly() {
    Map<String, Integer> probes = new TreeMap<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      World.Verdict verdict = new World(seed).run();
      assertThat(verdict.anomalies()).as("seed %d, %s", seed, verdict.options()).isEmpty();
      assertThat(verdict.isValid()).as("seed %d committed enough", seed).isTrue();
      verdict.probes().forEach((probe, hits) -> probes.merge(probe, hits, Integer::sum));
    }
    assertThat(probes)
        .containsKeys(
            "crash",
            "power cut",
            "pause",
            "cut",
            "isolated",
            "isolated one way",
            "clock jump",
            "checkpoint",
            "checkpoint loaded",
            "election while another leads",
            "entries replaced",
            "usurpation",
            "there and back",
            "lease waited out",
            "in-doubt recovery",
            "hand-over",
            "transaction outlived its home",
            "transfer failed",
            "commit repeated",
            "repeated commit answered",
            "replica read at a past time",
            "replicas compared");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 22})
  void theSameSeedGivesTheSameTrace(long seed) {
    assertThat(new World(seed).run()).isEqualTo(new World(seed).run());
  }
}

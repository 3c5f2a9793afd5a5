package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated runs of this build: seeds that once failed, and as many others as the time allows. */
final class SeedsTest {
  private static final int SEEDS = Integer.getInteger("kindstead.simulation.seeds", 200);

  @Test
  void noSeedFindsAnAnomaly() {
    Map<String, Integer> probes = new TreeMap<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      World.Verdict verdict = new World(seed).run();
      assertThat(verdict.anomalies()).as("seed %d, %s", seed, verdict.options()).isEmpty();
      assertThat(verdict.isValid()).as("seed %d committed enough", seed).isTrue();
      verdict.probes().forEach((probe, hits) -> probes.merge(probe, hits, Integer::sum));
    }
    assertThat(probes).containsKeys("crash", "checkpoint", "clock jump", "commit repeated");
  }

  /**
   * A strong read of one shard took a timestamp below that of a commit which was acknowledged by
   * its coordinator, but not yet applied on the shard.
   */
  @ParameterizedTest
  @ValueSource(longs = {150, 151, 162, 164, 168, 176, 179, 190})
  void aStrongReadWaitsForWhatIsPreparedAndMayBeAcknowledged(long seed) {
    assertThat(new World(seed).run().anomalies()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 22, 333})
  void theSameSeedGivesTheSameTrace(long seed) {
    assertThat(new World(seed).run()).isEqualTo(new World(seed).run());
  }
}

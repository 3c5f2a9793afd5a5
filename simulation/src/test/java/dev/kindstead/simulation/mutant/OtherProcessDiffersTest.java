package dev.kindstead.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.Lives;
import dev.kindstead.simulation.Simulate;
import dev.kindstead.simulation.Totals;
import dev.kindstead.simulation.Volume;
import dev.kindstead.simulation.WorldVerdict;
import dev.kindstead.telemetry.Logging;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A seed that failed elsewhere must fail here. What differs from process to process, as the order
 * of {@code Set.of} and {@code Map.of} does, is alike when a seed is run twice in one of them.
 */
final class OtherProcessDiffersTest {
  private static final long FROM = 52;

  /** With books, with replicas spread, and with both. */
  private static final int SEEDS = 4;

  private static final Duration LIMIT = Duration.ofMinutes(5);

  @BeforeAll
  static void quiet() {
    Logging.setLevel("warn");
  }

  @Test
  void itsTracesAreTheSame() {
    var totals = new Totals();
    new Volume(FROM, SEEDS, Duration.ZERO, 1)
        .run(
            Lives.SHORT::draw,
            new Volume.Listener() {
              @Override
              public boolean ended(WorldVerdict verdict) {
                totals.add(verdict);
                return true;
              }

              @Override
              public void took(Duration soFar) {}
            });
    assertThat(totals.toString()).contains("query judged=", "members changed=");
    Child.Result other =
        Child.run(
            Path.of("").toAbsolutePath(),
            List.of("-Xmx1g", "-XX:+UseSerialGC"),
            System.getProperty("java.class.path"),
            List.of(
                Simulate.class.getName(),
                "--lives=short",
                "--from=" + FROM,
                "--seeds=" + SEEDS,
                "--parallel=1"),
            LIMIT);
    assertThat(other.exitCode()).as(String.join("\n", other.lines())).isZero();
    assertThat(other.lines()).anyMatch(line -> line.endsWith("trace " + totals.trace()));
  }
}

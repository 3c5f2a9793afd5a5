package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command that is printed for a failed seed must run that very world again. */
final class RunAgainTest {
  private static final long SEEDS = 100;

  private static WorldOptions parsed(String line) {
    CommandLine command = Simulate.command();
    CommandLine.ParseResult parsed = command.parseArgs(RunOfNothingTest.words(line));
    Simulate simulate = command.getCommand();
    return simulate.options(parsed.<Long>matchedOptionValue("--seed", -1L));
  }

  private static void assertIsGivenBy(WorldOptions wanted) {
    String printed = FailureReport.command(wanted);
    assertThat(printed).startsWith("simulation/run --seed " + wanted.seed());
    assertThat(parsed(printed.substring("simulation/run ".length()))).as(printed).isEqualTo(wanted);
  }

  /** With what shrinking changes as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--lives short",
        "--lives long",
        "--library",
        "--figures",
        "--lives long --library",
        "--spread 4",
        "--spread 5 --library",
        "--intense",
        "--intense --library --figures --spread 5",
        "--intense --faults 'pause and isolation,crash'",
        "--leaders together",
        "--leaders spread",
        "--faults 'pause and isolation,crash'",
        "--faults crash --lasting 2.001 --clients 3",
        "--clients 4 --readers 0 --lasting 17.5",
        "--intense --library --spread 5 --leaders spread --faults loss --lasting 3.019 --clients 2"
      })
  void whatWasAskedForIsPrinted(String asked) {
    LongStream.rangeClosed(0, SEEDS)
        .forEach(seed -> {
          WorldOptions options = parsed("--seed " + seed + " " + asked);
          assertIsGivenBy(options);
          assertIsGivenBy(
              options
                  .withFaults(Set.of("crash", "there and back"))
                  .withClients(1, 0)
                  .withDuration(Duration.ofMillis(2_001 + seed)));
        });
  }

  /** No rounding takes a millisecond away. */
  @Test
  void secondsAreMilliseconds() {
    for (int millis = 1; millis < 10_000; millis += 7) {
      assertThat(parsed("--seed 1 --lasting %d.%03d".formatted(millis / 1_000, millis % 1_000)))
          .extracting(options -> options.life().duration().toMillis())
          .isEqualTo((long) millis);
    }
  }

  @Test
  void aPlantedFaultIsNamed() {
    WorldOptions planted = WorldOptions.planted(1, Plant.INTENTS_FORGOTTEN, Set.of("crash"));
    assertThat(FailureReport.command(planted))
        .isEqualTo(
            "simulation/run --seed 1 --intense --faults 'crash' --no-shrink --chronicle"
                + " (planted: INTENTS_FORGOTTEN)");
  }
}

package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command line that asks for nothing, or for what is left out silently, must not pass. */
final class RunOfNothingTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String line) {
    return Simulate.command()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(line.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--faults foo --seeds 1 | no kind of fault: foo; there are crash, power cut,",
        "--faults crash,foo --seed 1 | no kind of fault: foo; there are crash, power cut,",
        "--faults isolation --seed 6 | none befalls the cluster of seed 6, which has 1 nodes",
        "--seeds 0 | --seeds 0 and --hours 0 run nothing",
        "--seeds -1 | --seeds is -1, and must be at least 0",
        "--seed -1 | --seed is -1, and must be at least 0",
        "--from -1 | --from is -1, and must be at least 0",
        "--hours NaN | --hours is NaN, and must be at least 0",
        "--parallel 0 | --parallel is 0, and must be from 1 to 256",
        "--spread 2 | --spread is 2, and must be from 4 to 7",
        "--clients 0 | --clients is 0, and must be from 1 to 1000",
        "--readers -1 | --readers is -1, and must be from 0 to 1000",
        "--lasting 0 | --lasting is 0.0, and must be from 0.001 to 86400",
        "--intense --lives long | leave out --lives long, or --intense",
        "--chronicle --seeds 2 | --chronicle tells of one seed: give it with --seed",
        "--seed 1 --seeds 1 | --seed runs one seed: leave out --seeds",
        "--seed 1 --hours 1 | --seed runs one seed: leave out --hours",
        "--seed 1 --from 1 | --seed runs one seed: leave out --from",
        "--seed 1 --until-failure | --seed runs one seed: leave out --until-failure",
        "--seed 1 --parallel 1 | --seed runs one seed: leave out --parallel",
        "--seeds 1 nightly --seeds 1 | --seeds says nothing to 'nightly'",
        "nightly --segment-seeds 0 | --segment-seeds is 0, and must be at least 1",
        "nightly --parallel 0 | --parallel is 0, and must be from 1 to 256",
        "nightly --seeds 0 --hours 0 | --seeds 0 and --hours 0 run nothing"
      })
  void isRefused(String line, String why) {
    assertThat(run(line)).as("%s", err).isEqualTo(2);
    assertThat(err.toString()).contains(why, "Try: ", " --help").doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  /** Nobody can say so of many seeds before they are drawn. */
  @Test
  void faultsThatBefallNobodyAreInvalid() {
    assertThat(run("--faults isolation --from 6 --seeds 1 --lasting 3 --lives short")).isEqualTo(1);
    assertThat(out.toString()).contains("INVALID: never happened: isolation, which befalls no");
  }

  @Test
  void kindsAreListed() {
    assertThat(run("--list")).isZero();
    List<String> kinds = out.toString().lines().map(line -> line.substring(0, 20).strip()).toList();
    assertThat(kinds).contains("crash", "pause and isolation", "newcomer");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("crash +any cluster"))
        .anyMatch(line -> line.matches("isolation +three nodes or more.*"))
        .anyMatch(line -> line.matches("loss +replicas that are spread.*"));
  }

  @Test
  void oneSeedIsToldAsJsonToo() {
    assertThat(run("--seed 1 --lives short --lasting 3 --json")).isZero();
    assertThat(out.toString()).startsWith("{").contains("\"seeds\": 1", "\"passed\": true");
    assertThat(err.toString()).contains("seed 1: passed, ", "  same trace twice");
  }

  @Test
  void theHelpTellsOfWrongCommandLines() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString().lines()).anyMatch(line -> line.matches(" +2 +a wrong command line"));
  }

  /** What a shell makes of a line. */
  static String[] words(String line) {
    String[] parts = line.split("'", -1);
    return Stream.iterate(0, part -> part + 1)
        .limit(parts.length)
        .flatMap(part ->
            part % 2 == 1 ? Stream.of(parts[part]) : Arrays.stream(parts[part].strip().split(" +")))
        .filter(word -> !word.isEmpty())
        .toArray(String[]::new);
  }
}

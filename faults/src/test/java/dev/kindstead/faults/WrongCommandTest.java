package dev.kindstead.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.machine.Cluster.Layout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be run is refused, with what to do, before any node starts or any file goes. */
final class WrongCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--kinds node-remove | node-remove needs --nodes 5, or leave it out of --kinds",
        "--kinds kill,bit-flip --nodes 3 | bit-flip needs --nodes 5",
        "--kinds foo | no kind of fault: foo; there are kill, kill-all,",
        "--kinds kill --least-kinds 2 | --least-kinds 2 of 1 kinds never happen",
        "--nodes 2 | --nodes is 2, and must be from 3 to 16",
        "--minutes 0 | --minutes is 0.0, and must be at least 0.01",
        "--minutes NaN | --minutes is NaN, and must be at least 0.01",
        "--seed -1 | --seed is -1, and must be at least 0",
        "--least-faults 0 | --least-faults is 0, and must be at least 1",
        "--least-kinds 34 | --least-kinds is 34, and must be from 1 to 33",
        "--minutes 1 nightly | --minutes says nothing to 'nightly'",
        "nightly --hours 0 | --hours is 0.0, and must be at least 0.01",
        "nightly --segment-minutes -1 | --segment-minutes is -1.0, and must be at least 0.01",
        "nightly --least-faults 0 | --least-faults is 0, and must be at least 1",
        "overload --seconds 0 | --seconds is 0, and must be at least 1"
      })
  void isRefused(String line, String why) throws IOException {
    Path kept = Files.writeString(directory.resolve("kept"), "of the last run");
    var err = new StringWriter();
    var out = new StringWriter();
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    if (!line.matches(".*(nightly|overload).*")) {
      words.add("--directory=" + directory);
    }
    int exitCode =
        Faults.command()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words.toArray(String[]::new));
    assertThat(exitCode).as("%s", err).isEqualTo(2);
    assertThat(err.toString()).contains(why, "Try: faults/run").doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
    assertThat(kept).exists();
  }

  /** A machine without what the kinds need is not to blame for a wrong command line. */
  @Test
  void nothingThatCanHappenIsInvalid() {
    List<String> told = new ArrayList<>();
    var options =
        new Run.Options(
            1,
            new Run.Length(Duration.ofMinutes(1), Optional.empty()),
            List.of(FaultKind.POWER_CUT, FaultKind.MEMORY_LIMIT),
            directory,
            Path.of("..").toAbsolutePath().normalize(),
            false,
            Layout.USUAL);
    Report report = new Run(options, told::add).run();
    assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(report.invalid())
        .containsExactly("none of the kinds of faults that were asked for can happen here");
    assertThat(told)
        .anyMatch(line -> line.startsWith("missing: power-cut"))
        .anyMatch(line -> line.startsWith("missing: memory-limit"));
  }
}

package dev.kindstead.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * As much of {@code faults/run} as a build has time for. What this machine does not allow is
 * printed as missing. {@code -Dfaults.seconds} and {@code -Dfaults.seed} choose others.
 */
final class FaultsSliceTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("faults.seconds", 80));
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xffffff);

  /** Left there for whoever looks for the reason of a failure. */
  private static final Path DIRECTORY = Path.of("target", "slice-" + SEED).toAbsolutePath();

  /** Also on the slowest machine, which may take as long as this for it. */
  private static final int KINDS_MIN = 6;

  private static final Duration LENGTH_MAX = Duration.ofMinutes(6);

  @Test
  void noFaultHasAnAnomaly() {
    List<String> told = new ArrayList<>();
    var options =
        new Run.Options(
            SEED,
            new Run.Length(LENGTH, KINDS_MIN, LENGTH_MAX),
            List.of(FaultKind.values()),
            DIRECTORY,
            Path.of(System.getProperty("kindstead.root", "..")).toAbsolutePath().normalize(),
            true);

    Report report = new Run(options, told::add).run();

    System.out.println("FaultsSliceTest: -Dfaults.seed=" + SEED + "\n" + report.text());
    assertThat(report.verdict()).as("%s", String.join("\n", told)).isEqualTo(Verdict.PASSED);
    assertThat(report.kinds()).as(report.text()).isGreaterThanOrEqualTo(KINDS_MIN);
  }
}

package dev.kindstead.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.machine.Cluster.Layout;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * As much of {@code faults/run} as is asked of every build: it ends when so much has happened, or
 * when the time is over, which is a failure where the machine is not to blame, and else as good as
 * not run. What this machine does not allow is printed as missing. {@code -Dfaults.minutes}, {@code
 * -Dfaults.least} and {@code -Dfaults.seed} choose others.
 */
final class FaultsSliceTest {
  private static final Duration LENGTH_MAX =
      Duration.ofMinutes(Integer.getInteger("faults.minutes", 12));

  private static final int FAULTS = Integer.getInteger("faults.least", 100);
  private static final long SEED = Long.getLong("faults.seed", 1);

  /** Left there for whoever looks for the reason of a failure. */
  private static final Path DIRECTORY = Path.of("target", "slice-" + SEED).toAbsolutePath();

  private static final int KINDS = 10;

  /** Of the load average to processors: where it is more, so few faults are no failure. */
  private static final double BUSY = 6;

  /** Of a failure's text; all of it is in the directory. */
  private static final int LINES_MAX = 30;

  private static final int LINE_CHARACTERS_MAX = 600;

  @Test
  void noFaultHasAnAnomaly() {
    List<String> told = new ArrayList<>();
    var options =
        new Run.Options(
            SEED,
            new Run.Length(LENGTH_MAX, Optional.of(new Run.Volume(FAULTS, KINDS))),
            List.of(FaultKind.values()),
            DIRECTORY,
            Path.of(System.getProperty("kindstead.root", "..")).toAbsolutePath().normalize(),
            true,
            Layout.USUAL);

    Report report = new Run(options, told::add).run();

    System.out.println("FaultsSliceTest: -Dfaults.seed=" + SEED + "\n" + report.text());
    assertThat(report.verdict()).as("%s", reason(report, told)).isEqualTo(Verdict.PASSED);
    assertThat(report.kinds()).as(report.text()).isGreaterThanOrEqualTo(KINDS);
    assumeTrue(
        report.faults() >= FAULTS || !isBusy(),
        () ->
            "%d faults happened, of %d: the machine is too busy to say more"
                .formatted(report.faults(), FAULTS));
    assertThat(report.faults()).as(report.text()).isGreaterThanOrEqualTo(FAULTS);
  }

  /** What was wrong comes first, and shortened: who sees a part of this only sees that. */
  private static String reason(Report report, List<String> told) {
    Stream<String> wrong = Stream.concat(report.anomalies().stream(), report.invalid().stream());
    Stream<String> last = told.reversed().stream().limit(LINES_MAX);
    return Stream.concat(wrong.limit(LINES_MAX), last)
        .map(line -> line.substring(0, Math.min(line.length(), LINE_CHARACTERS_MAX)))
        .collect(Collectors.joining("\n"));
  }

  private static boolean isBusy() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system.getSystemLoadAverage() > BUSY * system.getAvailableProcessors();
  }
}

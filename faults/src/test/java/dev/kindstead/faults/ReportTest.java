package dev.kindstead.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.faults.Report.Happened;
import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What did not happen is never green. */
final class ReportTest {
  private final Report report =
      new Report(
          7,
          "1a2b",
          List.of(FaultKind.KILL, FaultKind.STANDSTILL),
          Map.of(FaultKind.POWER_CUT, "needs root"));

  private static String line(Report report, FaultKind kind) {
    return report.text().lines().filter(l -> l.startsWith(kind + " ")).findFirst().orElseThrow();
  }

  @Test
  void aKindThatCannotHappenIsMissingWithTheReason() {
    assertThat(line(report, FaultKind.POWER_CUT)).contains("missing: needs root");
    assertThat(report.json()).contains("\"verdict\": \"missing\"", "\"why\": \"needs root\"");
  }

  @Test
  void aFaultWithoutEffectDoesNotCount() {
    report.round(List.of(new Happened(FaultKind.KILL, false, "", 5)), Map.of(), List.of());

    assertThat(report.faults()).isZero();
    assertThat(line(report, FaultKind.KILL)).contains("not tried");
  }

  @Test
  void anAnomalyIsOnAllKindsOfItsRoundAndOnNoOther() {
    report.round(List.of(new Happened(FaultKind.KILL, false, "137", 5)), Map.of(), List.of());
    assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    report.round(
        List.of(new Happened(FaultKind.STANDSTILL, true, "T", 5)), Map.of(), List.of("lost"));

    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(line(report, FaultKind.KILL)).endsWith("passed");
    assertThat(line(report, FaultKind.STANDSTILL)).endsWith("FAILED");
    assertThat(report.faults()).isEqualTo(2);
    assertThat(report.text()).contains("anomaly: lost");
  }

  @Test
  void itTellsTheCommitThatRan() {
    assertThat(report.text()).contains("seed 7 at 1a2b: ");
    assertThat(report.json()).contains("\"commit\": \"1a2b\"");
  }

  @Test
  void aRunThatIsInvalidHasNotPassed() {
    report.invalid("too little");

    assertThat(report.verdict()).isEqualTo(Verdict.INVALID);
  }
}

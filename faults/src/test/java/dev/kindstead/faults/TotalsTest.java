package dev.kindstead.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.faults.Report.Happened;
import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.telemetry.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Segments of a night are added up by the files that they leave. */
final class TotalsTest {
  private static final Map<FaultKind, String> MISSING = Map.of(FaultKind.POWER_CUT, "needs root");

  private static Report report(long seed, FaultKind kind, List<String> anomalies) {
    return report(seed, "1a2b", kind, anomalies);
  }

  private static Report report(long seed, String commit, FaultKind kind, List<String> anomalies) {
    var report = new Report(seed, commit, List.of(kind), MISSING);
    report.round(
        List.of(new Happened(kind, false, "felt", 5)), Map.of("acknowledged", 7L), anomalies);
    report.took(Duration.ofSeconds(30));
    return report;
  }

  @Test
  void whatHappenedIsAddedUp() {
    Totals totals = new Totals();
    totals.add(Json.read(report(1, FaultKind.KILL, List.of()).json()));
    totals.add(Json.read(report(2, FaultKind.KILL, List.of()).json()));
    totals.add(Json.read(report(3, FaultKind.STANDSTILL, List.of()).json()));

    assertThat(totals.faults()).isEqualTo(3);
    assertThat(totals.kinds()).isEqualTo(2);
    assertThat(totals.seconds()).isEqualTo(90);
    assertThat(totals.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(totals.text()).contains("missing: needs root", "2.0 faults/min", "acknowledged=21");
  }

  /** As one segment of a night: with five nodes, or without a spare one. */
  private static Report layout(long seed, boolean hasSpare, String effectOfRemoval) {
    List<FaultKind> kinds =
        hasSpare ? List.of(FaultKind.KILL, FaultKind.NODE_REMOVE) : List.of(FaultKind.KILL);
    var report =
        new Report(
            seed,
            "1a2b",
            kinds,
            hasSpare ? MISSING : Map.of(FaultKind.NODE_REMOVE, "needs --nodes 5"));
    report.round(List.of(new Happened(FaultKind.KILL, false, "137", 5)), Map.of(), List.of());
    if (hasSpare) {
      report.round(
          List.of(new Happened(FaultKind.NODE_REMOVE, false, effectOfRemoval, 5)),
          Map.of(),
          List.of());
    }
    return report;
  }

  @Test
  void aKindThatCouldHappenInOneSegmentAndNeverDidIsNamed() {
    Totals totals = new Totals();
    totals.add(Json.read(layout(1, false, "").json()));
    assertThat(totals.neverHappened()).isEmpty();
    totals.add(Json.read(layout(2, true, "").json()));
    assertThat(totals.neverHappened())
        .containsExactly(
            "never happened: node-remove, though it could; begun without effect 1 times");
    totals.add(Json.read(layout(3, true, "it is out").json()));
    assertThat(totals.neverHappened()).isEmpty();
  }

  @Test
  void aKindIsMissingOnlyWhereItIsInEverySegment() {
    Totals totals = new Totals();
    totals.add(Json.read(layout(1, false, "").json()));
    assertThat(totals.text()).contains("needs --nodes 5");
    totals.add(Json.read(layout(2, true, "it is out").json()));
    assertThat(totals.text()).doesNotContain("needs --nodes 5").contains("needs root");
    assertThat(Json.write(totals.tree())).doesNotContain("needs --nodes 5");
  }

  @Test
  void anAnomalyOfOneSegmentFailsTheNightAndNamesItsSeed() {
    Totals totals = new Totals();
    totals.add(Json.read(report(1, FaultKind.KILL, List.of()).json()));
    totals.add(Json.read(report(2, FaultKind.KILL, List.of("lost: 3")).json()));

    assertThat(totals.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(totals.text()).contains("anomaly: seed 2: lost: 3");
  }

  @Test
  void eachSegmentTellsItsCommit() {
    Totals totals = new Totals();
    totals.add(Json.read(report(1, FaultKind.KILL, List.of()).json()));

    assertThat(totals.text()).containsPattern("seed 1 +at 1a2b +PASSED +1 faults");
    assertThat(Json.write(totals.tree())).contains("\"commit\": \"1a2b\"");
  }

  @Test
  void segmentsOfDifferentCommitsAreNotPassed() {
    Totals totals = new Totals();
    totals.add(Json.read(report(1, "1a2b", FaultKind.KILL, List.of()).json()));
    totals.add(Json.read(report(2, "3c4d", FaultKind.KILL, List.of()).json()));

    assertThat(totals.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(totals.text()).contains("seed 2 ran at commit 3c4d, the others at 1a2b");
  }

  private static Map<String, Object> overload(List<String> missed, List<String> invalid) {
    return Map.of(
        "commit", "1a2b", "lines", List.of("a line"), "missed", missed, "invalid", invalid);
  }

  @Test
  void aGoalOfOverloadThatWasMissedFailsTheNightUnlessTheMeasurementSaysNothing() {
    Totals totals = new Totals();
    totals.add(Json.read(report(1, FaultKind.KILL, List.of()).json()));
    totals.addOverload(overload(List.of(), List.of()));
    assertThat(totals.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(totals.text()).contains("a line");

    totals.addOverload(overload(List.of("20 %"), List.of("others took it")));
    assertThat(totals.verdict()).isEqualTo(Verdict.INVALID);

    totals.addOverload(overload(List.of("20 %"), List.of()));
    assertThat(totals.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(totals.text()).contains("anomaly: overload: 20 %");
  }

  @Test
  void overloadOfAnotherCommitIsInvalid() {
    Totals totals = new Totals();
    totals.add(Json.read(report(1, "3c4d", FaultKind.KILL, List.of()).json()));
    totals.addOverload(overload(List.of(), List.of()));

    assertThat(totals.verdict()).isEqualTo(Verdict.INVALID);
  }

  @Test
  void anInvalidSegmentHasNotPassed() {
    Report report = report(1, FaultKind.KILL, List.of());
    report.invalid("too little");
    Totals totals = new Totals();
    totals.add(Json.read(report.json()));

    assertThat(totals.verdict()).isEqualTo(Verdict.INVALID);
  }
}

package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Commit timestamps that two share, or that go against real time, are found. */
final class CommitTimeAnomalyTest {
  private final CommitTimes times = new CommitTimes();

  @Test
  void twoAtTheSameTimeMayHaveAnyOrder() {
    times.committed("1", 0, 5, 20);
    times.committed("2", 5, 9, 10);
    times.committed("3", 10, 11, 21);
    assertThat(times.anomalies()).isEmpty();
  }

  @Test
  void oneAfterAnotherHasTheGreaterTimestamp() {
    times.committed("3", 8, 9, 15);
    times.committed("1", 0, 4, 20);
    times.committed("2", 1, 6, 10);
    assertThat(times.anomalies())
        .singleElement()
        .asString()
        .startsWith("timestamps against real time: Commit[by=1")
        .contains("then Commit[by=3");
  }

  @Test
  void noTwoShareOne() {
    times.committed("1", 0, 5, 20);
    times.committed("2", 0, 5, 20);
    assertThat(times.anomalies()).singleElement().asString().startsWith("two commits at one time");
  }
}

package dev.kindstead.faults.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the product refuses again and again though it could be done is not "no effect". */
final class ChangeRefusedTest {
  private static final long ENOUGH = AskedChange.REFUSED_MAX.toNanos();

  private final Deque<String> answers = new ArrayDeque<>();
  private boolean hasSpare = true;
  private long now = -7;

  private final AskedChange change =
      new AskedChange("a removal", answers::removeFirst, () -> hasSpare, () -> now);

  private void ask(String answer, long nanosLater) {
    now += nanosLater;
    answers.addLast(answer);
    change.ask();
  }

  @Test
  void aRefusalThatStandsIsAnAnomaly() {
    ask("no", 0);
    ask("no", ENOUGH);
    assertThat(change.isAccepted()).isFalse();
    assertThat(change.anomalies()).singleElement().asString().contains("a removal", "15 s", ": no");
  }

  @Test
  void aShortOneIsNone() {
    ask("no", 0);
    assertThat(change.anomalies()).isEmpty();
    ask("no", ENOUGH - 1);
    assertThat(change.anomalies()).isEmpty();
  }

  @Test
  void whatIsAcceptedInTheEndIsNone() {
    ask("no", 0);
    ask("no", ENOUGH);
    ask("", 1);
    assertThat(change.isAccepted()).isTrue();
    assertThat(change.anomalies()).isEmpty();
    assertThat(change.ask()).as("asks no more").isTrue();
  }

  @Test
  void withoutASpareOrAnybodyWhoServesItMayBeRefused() {
    hasSpare = false;
    ask("no", 0);
    ask("no", ENOUGH);
    assertThat(change.anomalies()).isEmpty();
    hasSpare = true;
    for (String nobody :
        List.of(
            "no node answers",
            "no node of the cluster serves now, so nothing was done: try again",
            "no majority: 1 of 3 nodes with a vote answer",
            "no node with a vote answers this one")) {
      ask(nobody, 0);
      ask(nobody, ENOUGH);
      assertThat(change.anomalies()).isEmpty();
    }
    ask("no", 0);
    assertThat(change.anomalies()).as("from now on only").isEmpty();
  }
}

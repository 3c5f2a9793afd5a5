package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.History.Ending;
import dev.kindstead.simulation.History.Transaction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that says nothing must say of what it did too little. */
final class InvalidRunMisnamedTest {
  private static String told(long written, int quietMinutes, int judged, int books) {
    WorldOptions options = Lives.SHORT.draw(1).withSubjects(new Subjects(true, 0, false));
    var verdict =
        new WorldVerdict(
            options,
            written + 1_000,
            written,
            0,
            0,
            Map.of(),
            Map.of("query judged", judged, "books written", books),
            quietMinutes,
            Duration.ofMinutes(1),
            0,
            List.of());
    var text = new StringWriter();
    new FailureReport(new PrintWriter(text), FailureReport.SHRUNK_MAX).tell(verdict);
    return text.toString();
  }

  @Test
  void itSaysWhatWasTooLittle() {
    assertThat(told(9, 0, 10, 10)).startsWith("seed 1: INVALID (too few writes), ");
    assertThat(told(10, 2, 10, 10)).startsWith("seed 1: INVALID (2 minutes without a write), ");
    assertThat(told(10, 0, 9, 10)).startsWith("seed 1: INVALID (too few queries judged), ");
    assertThat(told(10, 0, 10, 9)).startsWith("seed 1: INVALID (too few books written), ");
    assertThat(told(10, 0, 10, 10))
        .startsWith("seed 1: passed, 1010 committed (10 of them writes)");
  }

  /** What was only read, what was refused, and what nobody knows of is no write. */
  @Test
  void readsAreNoWrites() {
    var history = new History();
    Map<String, List<Integer>> nothing = Map.of();
    Map<String, List<Integer>> something = Map.of("list1", List.of(1));
    history.add(new Transaction(1, 1, 2, Ending.COMMITTED, something, nothing));
    history.add(new Transaction(2, 1, 2, Ending.ABORTED, nothing, something));
    history.add(new Transaction(3, 1, Long.MAX_VALUE, Ending.UNKNOWN, nothing, something));
    assertThat(history.count(Ending.COMMITTED)).isEqualTo(1);
    assertThat(history.written()).isZero();
    history.add(new Transaction(4, 1, 2, Ending.COMMITTED, nothing, Map.of("list1", List.of(2))));
    assertThat(history.written()).isEqualTo(1);
  }
}

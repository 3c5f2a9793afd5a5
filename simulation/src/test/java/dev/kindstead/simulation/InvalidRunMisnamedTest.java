package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that says nothing must say of what it did too little. */
final class InvalidRunMisnamedTest {
  private static String told(long committed, int quietMinutes, int judged) {
    WorldOptions options = Lives.SHORT.draw(1).withSubjects(new Subjects(true, 0));
    var verdict =
        new WorldVerdict(
            options,
            committed,
            0,
            0,
            Map.of(),
            Map.of("query judged", judged),
            quietMinutes,
            Duration.ofMinutes(1),
            0,
            List.of());
    var text = new StringWriter();
    FailureReport.print(verdict, new PrintWriter(text));
    return text.toString();
  }

  @Test
  void itSaysWhatWasTooLittle() {
    assertThat(told(9, 0, 10)).startsWith("seed 1: INVALID (too few commits), ");
    assertThat(told(10, 2, 10)).startsWith("seed 1: INVALID (2 minutes without a write), ");
    assertThat(told(10, 0, 9)).startsWith("seed 1: INVALID (too few queries judged), ");
    assertThat(told(10, 0, 10)).startsWith("seed 1: passed, ");
  }
}

package dev.kindstead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class AcknowledgementsTest {
  private final Acknowledgements first = acknowledged(0, 100, 900, 950);
  private final Acknowledgements second = acknowledged(50, 200, 980);

  private static Acknowledgements acknowledged(long... nanos) {
    var made = new Acknowledgements();
    LongStream.of(nanos).forEach(made::add);
    return made;
  }

  @Test
  void theGapIsFromTheLastOneBeforeToTheFirstOneAfterOfAnyWriter() {
    assertThat(Acknowledgements.longestGapNanos(List.of(first), 150)).isEqualTo(800);
    assertThat(Acknowledgements.longestGapNanos(List.of(second), 150)).isEqualTo(780);
    assertThat(Acknowledgements.longestGapNanos(List.of(first, second), 150)).isEqualTo(700);
  }

  @Test
  void gapsThatEndedBeforeDoNotCount() {
    assertThat(Acknowledgements.longestGapNanos(List.of(first), 920)).isEqualTo(50);
    assertThat(Acknowledgements.longestGapNanos(List.of(first), 950)).isZero();
  }

  @Test
  void percentilesAreOfWhatWasMeasured() {
    List<Long> nanos = LongStream.rangeClosed(1, 20).map(i -> i * 1_000_000_000).boxed().toList();
    assertThat(FailoverReport.percentile(nanos, 0.5)).isEqualTo(10);
    assertThat(FailoverReport.percentile(nanos, 0.9)).isEqualTo(18);
    assertThat(FailoverReport.percentile(nanos, 1)).isEqualTo(20);
  }
}

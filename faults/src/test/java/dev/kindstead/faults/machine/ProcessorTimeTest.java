package dev.kindstead.faults.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a run does itself is no excuse for what it does not reach. */
final class ProcessorTimeTest {
  private static final ProcessorTime BEFORE =
      ProcessorTime.read(Map.of(7L, 50L), "cpu  100 0 100 800 0 0 0 0 0 0");

  @Test
  void whatItsOwnProcessesTakeIsNotTheOthers() {
    var after = ProcessorTime.read(Map.of(7L, 210L), "cpu  200 0 200 1600 0 0 0 0 0 0");
    assertThat(after.othersSince(BEFORE)).isCloseTo(0.04, within(1e-9)); // 200 - 160 of 1000
  }

  @Test
  void whatWasStolenIs() {
    var after = ProcessorTime.read(Map.of(7L, 50L), "cpu  100 0 100 1600 0 0 0 200 0 0");
    assertThat(after.othersSince(BEFORE)).isCloseTo(0.2, within(1e-9));
  }

  @Test
  void waitingForADiskIsNoWork() {
    var after = ProcessorTime.read(Map.of(7L, 50L), "cpu  100 0 100 800 1000 0 0 0 0 0");
    assertThat(after.othersSince(BEFORE)).isZero();
  }

  @Test
  void oneThatWasStartedInBetweenCountsWhole() {
    var after = ProcessorTime.read(Map.of(8L, 100L), "cpu  200 0 100 1700 0 0 0 0 0 0");
    assertThat(after.othersSince(BEFORE)).isZero();
  }

  @Test
  void thisMachineHasThem() {
    Stream<Long> self = Stream.of(ProcessHandle.current().pid());
    ProcessorTime now = ProcessorTime.of(self);
    assertThat(now.othersSince(now)).isZero();
  }
}

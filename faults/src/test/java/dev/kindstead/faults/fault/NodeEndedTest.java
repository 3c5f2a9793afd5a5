package dev.kindstead.faults.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A node that a fault has ended says by its exit code whether that was the fault or a bug. */
final class NodeEndedTest {
  private static boolean mayEnd(EndedBy by, int exitCode) {
    return by.anomalies(1, OptionalInt.of(exitCode)).isEmpty();
  }

  @Test
  void documentedCodesAreNoAnomaly() {
    assertThat(mayEnd(EndedBy.MEMORY, Fault.KILLED)).isTrue();
    assertThat(mayEnd(EndedBy.DISK, 5)).isTrue();
    assertThat(mayEnd(EndedBy.DAMAGE, 6)).isTrue();
    for (EndedBy each : EndedBy.values()) {
      assertThat(each.anomalies(1, OptionalInt.empty())).as("it runs").isEmpty();
    }
  }

  @Test
  void failuresThatNobodyForesawCrashesAndOthersAre() {
    for (EndedBy each : EndedBy.values()) {
      for (int exitCode : new int[] {0, 1, 2, 4, 134, 139, 143}) {
        assertThat(mayEnd(each, exitCode)).as(each + " " + exitCode).isFalse();
      }
    }
    assertThat(mayEnd(EndedBy.DISK, 6)).as("a failing disk is not a damaged one").isFalse();
    assertThat(EndedBy.DISK.anomalies(2, OptionalInt.of(1)))
        .containsExactly("node 2 ended with exit code 1, which nothing explains (DISK)");
  }
}

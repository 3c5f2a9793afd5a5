package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An entry waits for company, but never for long, and never for nobody. */
class CommitWaitsInVainTest {
  private static final long MILLISECOND = 1_000_000;

  private final EntryPace pace = new EntryPace();

  @Test
  void aloneNobodyWaits() {
    assertThat(pace.waitNanos(1, 0, 0)).isZero();
    pace.proposed();
    pace.ended(1, 0, 4 * MILLISECOND, 0);
    assertThat(pace.waitNanos(1, 0, 0)).isZero();
  }

  @Test
  void waitsForThoseThatWereJustAnswered() {
    pace.ended(8, 8, 4 * MILLISECOND, 0);
    assertThat(pace.waitNanos(8, 0, 0)).isEqualTo(2 * MILLISECOND);
    assertThat(pace.waitNanos(11, 0, MILLISECOND)).isEqualTo(MILLISECOND);
    assertThat(pace.waitNanos(12, 0, MILLISECOND)).isZero();
    assertThat(pace.waitNanos(1, 0, 2 * MILLISECOND)).isZero();
  }

  @Test
  void waitsFiveMillisecondsAtMost() {
    pace.ended(8, 8, 1_000 * MILLISECOND, 0);
    assertThat(pace.waitNanos(8, 0, 0)).isEqualTo(5 * MILLISECOND);
  }

  /** A clock that runs slower than the timers must not make them end in no time, without end. */
  @Test
  void aTimerThatEndsEarlyIsFollowedByNoneOfAFewNanoseconds() {
    pace.ended(8, 8, 4 * MILLISECOND, 0);
    assertThat(pace.waitNanos(8, 0, 2 * MILLISECOND - 1)).isEqualTo(MILLISECOND / 10);
  }

  @Test
  void whereEntriesTakeNoTimeNobodyWaits() {
    pace.ended(8, 8, MILLISECOND / 10, 0);
    assertThat(pace.waitNanos(8, 0, 0)).isZero();
  }

  @Test
  void waitsOnceForThoseThatDoNotComeBack() {
    pace.ended(8, 8, 4 * MILLISECOND, 0);
    pace.proposed();
    assertThat(pace.waitNanos(1, 0, 0)).isZero();
  }

  @Test
  void besideAnotherOneOnlyAFullEntryGoes() {
    pace.proposed();
    assertThat(pace.waitNanos(EntryPace.ENTRY_STEPS_FULL - 1, 1, 0)).isPositive();
    assertThat(pace.waitNanos(EntryPace.ENTRY_STEPS_FULL, 1, 0)).isZero();
  }
}

package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.Clock;
import dev.kindstead.model.NotServedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes that hand out timestamps at a time let a read miss what was acknowledged (rule 4). */
final class TwoOraclesTest {
  private static final long BOUND = 1_800_000_000_000_000L;

  private final Hands clock = new Hands();
  private final TimestampOracle oracle = new TimestampOracle(clock, clock::wallMicros);
  private final List<Long> asked = new ArrayList<>();

  /** A clock whose two hands a test moves. */
  private static final class Hands implements Clock {
    private long wallMicros = BOUND + 1;
    private long nanos = 5;

    @Override
    public long wallMicros() {
      return wallMicros;
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }

    void pass(Duration time) {
      nanos += time.toNanos();
      wallMicros += time.toNanos() / 1_000;
    }
  }

  private void lead() {
    oracle.start(BOUND, true, asked::add);
  }

  /** The log holds the bound that was asked for last. */
  private void grant() {
    oracle.extended(asked.getLast());
  }

  private void passMillis(long millis) {
    clock.pass(Duration.ofMillis(millis));
  }

  @Test
  void nothingIsHandedOutBeforeTheFirstGrant() {
    lead();
    assertThat(oracle.next(1)).isZero();
    assertThat(oracle.read()).isZero();
    grant();
    assertThat(oracle.next(1)).isGreaterThan(BOUND);
    assertThat(oracle.read()).isGreaterThan(BOUND);
  }

  @Test
  void theLeaseCountsFromBeforeItsBoundWasAskedFor() {
    lead();
    passMillis(400);
    grant();
    assertThat(oracle.read()).isPositive();
    passMillis(149);
    assertThat(oracle.read()).isPositive();
    passMillis(1);
    assertThat(oracle.read()).isZero();
    assertThat(oracle.next(1)).isZero();
  }

  @Test
  void useRenewsTheLeaseBeforeItEnds() {
    lead();
    grant();
    passMillis(200);
    assertThat(oracle.read()).isPositive();
    assertThat(asked).hasSize(1);
    passMillis(100);
    assertThat(oracle.read()).isPositive();
    assertThat(asked).hasSize(2);
    grant();
    passMillis(500);
    assertThat(oracle.read()).isPositive();
  }

  @Test
  void aNewLeaderWaitsLongerThanTheFormerOneHolds() {
    assertThat(OracleLease.from(clock).isHeld(clock)).isTrue();
    OracleLease lease = OracleLease.from(clock);
    clock.pass(OracleLease.LENGTH);
    assertThat(lease.isHeld(clock)).isFalse();
  }

  /** For less time than the bound allows for: else that would be the reason. */
  @Test
  void aMachineThatSleptHoldsNothing() {
    lead();
    grant();
    clock.wallMicros += OracleLease.LENGTH.dividedBy(4).toNanos() / 1_000;
    assertThat(oracle.read()).isZero();
    grant();
    assertThat(oracle.read()).as("the grant was asked for after the sleep").isPositive();
  }

  /** What it hands out would drop the answers of commits, and have entities expire. */
  @Test
  void aWallClockThatJumpsIsNotFollowedByAMinuteForEachBound() {
    lead();
    grant();
    assertThat(oracle.read()).isPositive();
    clock.wallMicros += Duration.ofMinutes(10).toNanos() / 1_000;
    for (int bound = 0; bound < 100; bound++) {
      grant();
      passMillis(20);
      oracle.read();
    }
    grant();
    assertThat(oracle.read()).isBetween(BOUND, BOUND + Duration.ofSeconds(70).toNanos() / 1_000);
  }

  @Test
  void aWallClockThatWasBehindIsCaughtUpWith() {
    lead();
    grant();
    clock.wallMicros += Duration.ofMinutes(10).toNanos() / 1_000;
    for (int second = 0; second < Duration.ofHours(2).toSeconds(); second++) {
      passMillis(1_000);
      oracle.read();
      grant();
    }
    assertThat(oracle.read()).isEqualTo(clock.wallMicros());
  }

  @Test
  void aDeposedOracleRefusesAndALateGrantIsNothing() {
    lead();
    grant();
    oracle.stop();
    grant();
    assertThatThrownBy(() -> oracle.next(1)).isInstanceOf(NotServedException.class);
    assertThatThrownBy(oracle::read).isInstanceOf(NotServedException.class);
  }

  @Test
  void theNextTenureGoesOnAboveTheReplicatedBound() {
    lead();
    grant();
    long before = oracle.next(10);
    oracle.stop();
    long replicated = asked.getLast();
    oracle.start(replicated, true, asked::add);
    grant();
    assertThat(oracle.next(1)).isGreaterThan(Math.max(before + 9, replicated));
    assertThat(oracle.startedAbove()).isEqualTo(replicated);
  }

  @Test
  void anOracleThatWasAloneNeedsALeaseOnceOthersCanLead() {
    oracle.start(BOUND, false, asked::add);
    grant();
    passMillis(1_000);
    assertThat(oracle.next(1)).as("alone").isPositive();
    oracle.requireLease();
    assertThat(oracle.next(1)).isZero();
    grant();
    assertThat(oracle.next(1)).isPositive();
    passMillis(550);
    assertThat(oracle.next(1)).isZero();
  }
}

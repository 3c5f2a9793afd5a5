package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Clock;
import dev.kindstead.protocol.ReadinessCheck;
import dev.kindstead.protocol.ServingNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node is ready from when it is of use, and through an election. */
class ReadinessTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  private Optional<String> elsewhere = Optional.empty();
  private int behind;
  private long nanos = Long.MAX_VALUE - 5; // the origin is arbitrary

  private final Readiness readiness =
      new Readiness(
          Optional::empty,
          new ServingNode() {
            @Override
            public boolean isHere() {
              return false;
            }

            @Override
            public boolean hasReplicas() {
              return true;
            }

            @Override
            public Optional<String> elsewhere() {
              return elsewhere;
            }
          },
          () -> behind,
          new Clock() {
            @Override
            public long wallMicros() {
              return 0;
            }

            @Override
            public long monotonicNanos() {
              return nanos;
            }
          });

  @Test
  void notBeforeItHasHeardOfAServingNodeAndCaughtUp() {
    behind = 2;
    assertThat(failed()).containsExactly("served", "caught-up");
    elsewhere = Optional.of("another");
    assertThat(failed()).containsExactly("caught-up");
    behind = 0;
    assertThat(failed()).isEmpty();
  }

  @Test
  void anElectionIsNoReasonButALongAbsenceIs() {
    elsewhere = Optional.of("another");
    assertThat(failed()).isEmpty();

    elsewhere = Optional.empty();
    assertThat(failed()).isEmpty();
    nanos += Readiness.UNSERVED_MAX.minus(MOMENT).toNanos();
    assertThat(failed()).isEmpty();
    nanos += MOMENT.toNanos();
    assertThat(failed()).containsExactly("served");

    elsewhere = Optional.of("a third");
    assertThat(failed()).isEmpty();
  }

  @Test
  void aNodeAskedSeldomDoesNotTakeOneAbsenceForALongOne() {
    elsewhere = Optional.of("another");
    failed();
    nanos += Readiness.UNSERVED_MAX.multipliedBy(10).toNanos();
    elsewhere = Optional.empty();
    assertThat(failed()).isEmpty();
  }

  private List<String> failed() {
    return readiness.checks().stream()
        .filter(check -> !check.holds())
        .map(ReadinessCheck::name)
        .toList();
  }
}

package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Balancers send requests for a moment still to a node that is gone. */
final class StoppedTooSoonTest {
  @Test
  void aNodeOfSeveralGoesOnForAWhileHoweverItWasStarted() {
    assertThat(Departure.linger(Optional.empty(), true)).isEqualTo(Duration.ofSeconds(3));
    assertThat(Departure.linger(Optional.empty(), false)).isZero();
    for (boolean several : new boolean[] {true, false}) {
      assertThat(Departure.linger(Optional.of(Duration.ofSeconds(7)), several)).hasSeconds(7);
      assertThat(Departure.linger(Optional.of(Duration.ZERO), several)).isZero();
    }
  }
}

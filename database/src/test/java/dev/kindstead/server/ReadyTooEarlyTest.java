package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.placement.Roster;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whoever restarts all nodes goes on to the next when this one is ready: its replicas have to have
 * caught up by then, also when it hears of no leader for long and others tell it who serves.
 */
final class ReadyTooEarlyTest {
  private static Optional<Roster> told(String... voters) {
    return Optional.of(new Roster(new TreeSet<>(List.of(voters)), new TreeMap<>()));
  }

  @Test
  void aVoterThatHearsOfNoLeaderCatchesUpAllTheSame() {
    assertThat(CatchUp.votes(false, true, Optional.empty(), "a")).isTrue();
    assertThat(CatchUp.votes(false, true, told("a", "b", "c"), "a")).isTrue();
    assertThat(CatchUp.votes(true, true, Optional.empty(), "a")).isTrue();
  }

  @Test
  void whoHasLostItsPlaceMeanwhileWaitsForNothing() {
    assertThat(CatchUp.votes(false, true, told("b", "c", "d"), "a")).isFalse();
  }

  @Test
  void aSpareHasNothingToCatchUpWith() {
    assertThat(CatchUp.votes(false, false, told("b", "c", "d"), "a")).isFalse();
    assertThat(CatchUp.votes(false, false, Optional.empty(), "a")).isFalse();
  }
}

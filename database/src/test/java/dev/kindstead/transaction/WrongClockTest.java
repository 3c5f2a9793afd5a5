package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A node whose wall clock is wrong comes to serve: by its time answers of commits would be dropped,
 * entities expire and history be collected too early, or too late.
 */
final class WrongClockTest {
  private static final Duration FAR = Duration.ofMinutes(20);
  private static final long NEAR_MICROS = Duration.ofSeconds(5).toNanos() / 1_000;
  private static final Duration AHEAD_MAX = Duration.ofMillis(600);
  private static final int SYSTEM = World.SHARDS;

  private final Nodes world = new Nodes(ConcurrencyMode.OPTIMISTIC);

  private long commitTime(String node) {
    return world.await(world.startPut(node, upsert(keyOn(2, 0), 1))).commitTime();
  }

  private void failOver(String to) {
    failOver(to, Duration.ofSeconds(2));
  }

  private void failOver(String to, Duration within) {
    world.kill("n1");
    for (int group : new int[] {0, 3, SYSTEM}) {
      world.lead(group, to);
    }
    world.pass(within);
  }

  private void assertTimeIsRight(String node) {
    assertThat(commitTime(node))
        .isBetween(world.wallMicros() - NEAR_MICROS, world.wallMicros() + NEAR_MICROS);
  }

  @Test
  void aNodeThatIsAheadServesByTheTimeOfTheOthers() {
    world.setClockAhead("n2", FAR);
    failOver("n2");
    assertTimeIsRight("n2");
    for (int minute = 0; minute < 3; minute++) {
      world.pass(Duration.ofMinutes(1));
      assertTimeIsRight("n2");
    }
  }

  @Test
  void aNodeThatIsBehindServesByTheTimeOfTheOthers() {
    world.setClockAhead("n2", FAR.negated());
    world.lead(SYSTEM, "n2");
    world.pass(Duration.ofMinutes(3));
    assertTimeIsRight("n2");
  }

  /** Who reads as of "now" by a right clock must find what was just written. */
  @Test
  void timestampsAreNotAheadOfTheClockAfterAHandOver() {
    commitTime("n1");
    world.node("n1").handOver();
    world.pass(Duration.ofMillis(50));
    world.lead(SYSTEM, "n2");
    world.pass(AHEAD_MAX);
    assertThat(commitTime("n2")).isLessThanOrEqualTo(world.wallMicros());
  }

  @Test
  void norAfterTheHomeHasDied() {
    commitTime("n1");
    failOver("n2", AHEAD_MAX);
    assertThat(commitTime("n2")).isLessThanOrEqualTo(world.wallMicros());
  }

  /** Not even by the minute that the oracle bears. */
  @Test
  void aClockThatJumpsUnderTheNodeThatServesIsNotFollowed() {
    assertTimeIsRight("n1");
    world.setClockAhead("n1", FAR);
    world.pass(Duration.ofSeconds(1));
    assertTimeIsRight("n1");
    world.pass(Duration.ofMinutes(2));
    assertTimeIsRight("n1");
  }

  /** The clocks of all were wrong and are set right by their operators. */
  @Test
  void whatMostClocksSayIsFollowed() {
    world.setClockAhead("n2", FAR);
    world.setClockAhead("n3", FAR);
    failOver("n2");
    assertThat(commitTime("n2"))
        .isGreaterThan(world.wallMicros() + FAR.toNanos() / 1_000 - NEAR_MICROS);
  }
}

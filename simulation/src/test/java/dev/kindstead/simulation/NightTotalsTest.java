package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.telemetry.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Segments are added up, unless that would say something else than they do. */
final class NightTotalsTest {
  private final NightTotals totals = new NightTotals();

  private static Map<String, Object> segment(String commit, WorldVerdict... verdicts) {
    var segment = new Totals();
    List.of(verdicts).forEach(segment::add);
    return Json.read(segment.json(commit, Duration.ofMinutes(2), List.of()));
  }

  private static WorldVerdict life(int elections, String... anomalies) {
    return life(100, elections, anomalies);
  }

  private static WorldVerdict life(int committed, int elections, String... anomalies) {
    return new WorldVerdict(
        WorldOptions.planted(1, Plant.NOTHING, Set.of()),
        committed,
        committed / 2,
        20,
        3,
        Map.of("crash", 4),
        Map.of("election", elections),
        0,
        Duration.ofMinutes(30),
        5,
        List.of(anomalies));
  }

  @Test
  void whatSegmentsDidIsAddedUp() {
    totals.add(segment("abc", life(1), life(2)));
    totals.add(segment("abc", life(4)));
    assertThat(totals.validSeeds()).isEqualTo(3);
    assertThat(totals.hours()).isEqualTo(1.5);
    assertThat(totals.passed()).isTrue();
    assertThat(Json.read(totals.json()))
        .containsEntry("committed", 300.0)
        .containsEntry("written", 150.0)
        .containsEntry("faults", Map.of("crash", 12.0))
        .containsEntry("probes", Map.of("election", 7.0));
  }

  @Test
  void aFailureOfAnySegmentIsOneOfTheNight() {
    totals.add(segment("abc", life(1, "lost write")));
    totals.add(segment("abc", life(1)));
    assertThat(totals.passed()).isFalse();
    assertThat(totals.json()).contains("lost write");
  }

  @Test
  void whatSaysTooLittleIsNotCounted() {
    WorldVerdict[] lives = new WorldVerdict[201];
    Arrays.fill(lives, life(1));
    lives[0] = life(WorldVerdict.WRITES_MIN, 1);
    totals.add(segment("abc", lives));
    assertThat(totals.validSeeds()).isEqualTo(200);
    assertThat(totals.hours()).isEqualTo(100);
    assertThat(Json.read(totals.json()))
        .containsEntry("committed", 20_000.0)
        .containsEntry("faults", Map.of("crash", 800.0))
        .containsEntry("probes", Map.of("election", 200.0));
    assertThat(totals.whyInvalid()).noneMatch(why -> why.contains("too little"));
    assertThat(totals.isShortOf(201, 0)).isTrue();
    assertThat(totals.isShortOf(200, 0)).isFalse();
    totals.add(segment("abc", life(WorldVerdict.WRITES_MIN, 1)));
    assertThat(totals.whyInvalid()).contains("2 of 202 seeds said too little to be valid");
    assertThat(totals.isShortOf(201, 0)).isFalse();
  }

  @Test
  void anAnomalyCountsWhereTooLittleWasSaid() {
    totals.add(segment("abc", life(WorldVerdict.WRITES_MIN, 1, "lost write")));
    assertThat(totals.passed()).isFalse();
    assertThat(totals.validSeeds()).isEqualTo(1);
  }

  @Test
  void segmentsOfTwoBuildsAreNoNight() {
    totals.add(segment("abc", life(1)));
    totals.add(segment("def", life(1)));
    assertThat(totals.passed()).isFalse();
    assertThat(totals.whyInvalid()).anyMatch(why -> why.contains("[abc, def]"));
  }

  @Test
  void whatMustHappenInANightIsMissed() {
    for (int n = 0; n < 30; n++) {
      totals.add(segment("abc", life(0)));
    }
    assertThat(totals.whyInvalid()).contains("never happened: cut");
  }
}

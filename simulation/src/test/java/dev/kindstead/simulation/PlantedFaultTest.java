package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs must find what they are for: a fault planted below the product, one at a time. */
final class PlantedFaultTest {
  /** A fault takes luck to show; one of so many seeds has it. */
  private static final int SEEDS_MAX = 40;

  @ParameterizedTest
  @CsvSource({
    "LEASE_NOT_WAITED_OUT, isolation, 6",
    "LEASE_NOT_CHECKED_AGAIN, pause and isolation, 2",
    "ACKNOWLEDGED_BEFORE_A_MAJORITY, isolation, 1",
    "LEADS_BEFORE_IT_HAS_APPLIED, hand-over, 4",
    "INTENTS_FORGOTTEN, crash, 3"
  })
  void isFound(Plant plant, String faults, long firstSeed) {
    assertThat(LongStream.range(firstSeed, firstSeed + SEEDS_MAX))
        .as("seeds that find %s", plant)
        .anyMatch(seed -> {
          var options = WorldOptions.planted(seed, plant, Set.of(faults));
          return !new World(options).run().anomalies().isEmpty();
        });
  }

  @Test
  void withoutOneNothingIsFound() {
    for (String faults : new String[] {"isolation", "pause and isolation", "hand-over", "crash"}) {
      var options = WorldOptions.planted(1, Plant.NOTHING, Set.of(faults));
      assertThat(new World(options).run().anomalies()).as(faults).isEmpty();
    }
  }

  @Test
  void everyPlantIsTried() throws NoSuchMethodException {
    String[] tried =
        getClass()
            .getDeclaredMethod("isFound", Plant.class, String.class, long.class)
            .getAnnotation(CsvSource.class)
            .value();
    assertThat(Arrays.stream(tried).map(line -> line.substring(0, line.indexOf(','))))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Plant.values())
                .filter(plant -> plant != Plant.NOTHING)
                .map(Plant::name)
                .toList());
  }
}

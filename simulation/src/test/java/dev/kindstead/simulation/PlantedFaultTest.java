package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
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
    "INTENTS_FORGOTTEN, crash, 3",
    "DISK_ERROR_IGNORED, failing disk+crash, 1",
    "APPLIED_BEFORE_ITS_OWN_DISK, slow disk, 1",
    "PAGES_OF_ANOTHER_TIME, crash, 1",
    "WRITES_REFUSED_ONCE_HEALED, crash, 1"
  })
  void isFound(Plant plant, String faults, long firstSeed) {
    OptionalLong found =
        LongStream.range(firstSeed, firstSeed + SEEDS_MAX)
            .filter(seed -> !anomalies(seed, plant, faults).isEmpty())
            .findFirst();
    assertThat(found).as("seeds that find %s", plant).isPresent();
    // What the seed has without it as well would have found nothing of it.
    assertThat(anomalies(found.getAsLong(), Plant.NOTHING, faults)).as("without it").isEmpty();
  }

  private static List<String> anomalies(long seed, Plant plant, String faults) {
    return new World(WorldOptions.planted(seed, plant, Set.of(faults.split("\\+"))))
        .run()
        .anomalies();
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

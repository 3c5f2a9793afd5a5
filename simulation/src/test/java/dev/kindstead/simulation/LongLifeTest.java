package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A long life must not see less than a short one, and not pass when nothing went on in it. */
final class LongLifeTest {
  private static final int SEEDS_MAX = 8;

  @ParameterizedTest
  @CsvSource({
    "ACKNOWLEDGED_BEFORE_A_MAJORITY, isolation",
    "LEADS_BEFORE_IT_HAS_APPLIED, hand-over",
    "INTENTS_FORGOTTEN, crash"
  })
  void plantedFaultsAreFoundInIt(Plant plant, String faults) {
    OptionalLong found =
        LongStream.rangeClosed(1, SEEDS_MAX)
            .filter(seed -> !new World(longLife(seed, plant, faults)).run().anomalies().isEmpty())
            .findFirst();
    assertThat(found).as("seeds that find %s", plant).isPresent();
    WorldOptions without = longLife(found.getAsLong(), Plant.NOTHING, faults);
    assertThat(new World(without).run().anomalies()).as("without it").isEmpty();
  }

  private static WorldOptions longLife(long seed, Plant plant, String faults) {
    WorldOptions planted = WorldOptions.planted(seed, plant, Set.of(faults));
    return planted.withLife(
        new Life(
            Duration.ofMinutes(8),
            planted.life().faultEvery(),
            planted.life().retention(),
            planted.life().idleLimit(),
            Lives.LONG.draw(seed).life().pace()));
  }

  @Test
  void listsAreDeletedAndCollectedInIt() {
    WorldVerdict verdict = new World(longLife(1, Plant.NOTHING, "crash")).run();
    assertThat(verdict.anomalies()).isEmpty();
    assertThat(verdict.probes()).containsKeys("lists deleted", "transaction expired");
  }

  @Test
  void aMinuteWithoutAWriteIsNoticed() {
    var writes = new Writes();
    writes.begin(seconds(7));
    writes.ended(seconds(8));
    writes.ended(seconds(66));
    writes.ended(seconds(190));
    writes.end(seconds(220));
    assertThat(writes.quietMinutes())
        .as("of three whole ones, the second and the third")
        .isEqualTo(2);
  }

  private static long seconds(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}

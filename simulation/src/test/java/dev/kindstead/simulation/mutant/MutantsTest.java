package dev.kindstead.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Planted bugs must have a place in the product as it is today, and be found. The build tries a
 * few, the same ones each time ({@code -Dkindstead.mutants.sample=7} draws others); {@code
 * simulation/mutants/run} tries all.
 */
final class MutantsTest {
  /** Enough for a mutant whose seed has moved because the simulation draws differently. */
  private static final int SEEDS_MAX = 100;

  private static final int SAMPLE = Integer.getInteger("kindstead.mutants.count", 5);
  private static final long SAMPLE_SEED = Long.getLong("kindstead.mutants.sample", 20_786);

  private Workshop workshop;
  private List<Mutant> mutants;

  @BeforeEach
  void open() {
    workshop = Workshop.open(Workshop.findRoot());
    mutants = Mutant.readAll(workshop.mutants());
  }

  @AfterEach
  void close() {
    workshop.close();
  }

  @Test
  void everyOneHasItsPlaceAndCompiles() {
    for (Mutant mutant : mutants) {
      assertThat(workshop.plant(mutant)).as(mutant.name()).isNotEmptyDirectory();
    }
  }

  @Test
  void everyTestThatOneNamesIsThere() {
    for (Mutant mutant : mutants) {
      for (String test : mutant.tests()) {
        String file =
            "database/src/test/java/dev/kindstead/%s.java".formatted(test.replace('.', '/'));
        assertThat(Files.exists(workshop.root().resolve(file)))
            .as(mutant.name() + ": " + test)
            .isTrue();
      }
    }
  }

  @Test
  void everyRuleHasOne() {
    assertThat(mutants).hasSizeGreaterThanOrEqualTo(25);
    assertThat(mutants.stream().map(Mutant::rule).distinct())
        .containsAll(IntStream.rangeClosed(1, Mutant.RULES).boxed().toList());
  }

  @Test
  void someAreFound() {
    System.out.println("mutants: -Dkindstead.mutants.sample=" + SAMPLE_SEED);
    var checks = new Checks(workshop);
    for (Mutant mutant : Mutate.sample(mutants, SAMPLE, SAMPLE_SEED)) {
      Verdict verdict = Mutate.hunt(checks, mutant, mutant.seed(), SEEDS_MAX, true);
      String by = mutant.name() + " of sample " + SAMPLE_SEED;
      assertThat(verdict.wrong()).as(by).isEmpty();
      assertThat(verdict.isFound()).as("%s: %s", by, verdict).isTrue();
    }
  }

  @Test
  void oneThatHasLostItsPlaceIsAnError() {
    Mutant mutant =
        Mutant.parse("lost", "rule: 1\nwhat: w\nfile: f\n--- from\ntwo\n--- to\nthree\n");
    assertThat(mutant.plantInto("one two")).isEqualTo("one three");
    assertThatThrownBy(() -> mutant.plantInto("one"))
        .hasMessageContaining("finds no such text in f");
    assertThatThrownBy(() -> mutant.plantInto("two two")).hasMessageContaining("twice in f");
  }
}

package dev.kindstead.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Planted bugs must have a place in the product as it is today, and be found. The build tries a
 * few, others for each commit ({@code -Dkindstead.mutants.sample=7} draws those of a sample);
 * {@code simulation/mutants/run} tries all.
 */
final class MutantsTest {
  /** Enough for a mutant whose seed has moved because the simulation draws differently. */
  private static final int SEEDS_MAX = 100;

  private static final int SAMPLE = Integer.getInteger("kindstead.mutants.count", 5);

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
  void someAreFound() throws IOException, InterruptedException {
    long sample = Long.getLong("kindstead.mutants.sample", ofCommit());
    System.out.println("mutants: -Dkindstead.mutants.sample=" + sample);
    var checks = new Checks(workshop);
    Page page = Page.read(workshop.root().resolve("docs/mutants.md"));
    for (Mutant mutant : Mutate.sample(mutants, SAMPLE, sample)) {
      int seeds = page.isLeftToTests(mutant) ? 0 : SEEDS_MAX;
      Verdict verdict = Mutate.hunt(checks, mutant, page.seed(mutant).orElse(1), seeds, true);
      System.out.println("mutants: " + verdict);
      String by = mutant.name() + " of sample " + sample;
      assertThat(verdict.wrong()).as(by).isEmpty();
      assertThat(verdict.isFound()).as("%s: %s", by, verdict).isTrue();
    }
  }

  /** The same for all who build a commit, and another one for the next; without git, always 1. */
  private long ofCommit() throws IOException, InterruptedException {
    try {
      Process git =
          new ProcessBuilder("git", "rev-parse", "--short=8", "HEAD")
              .directory(workshop.root().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? Long.parseLong(commit.strip().substring(0, 8), 16) : 1;
    } catch (IOException missing) {
      return 1;
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

package dev.kindstead.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was found of a mutant that has been changed since says nothing of the one that is there. */
final class MutantChangedTest {
  private static final String TEXT =
      "rule: 3\nwhat: Does it twice.\nfile: f\ntests: a.Test\n--- from\none\n--- to\ntwo\n";
  private static final Mutant MUTANT = Mutant.parse("twice", TEXT);
  private static final Mutant CHANGED = Mutant.parse("twice", TEXT.replace("two", "three"));

  @TempDir private Path directory;

  private Page written(Verdict verdict) throws IOException {
    var page = new Page();
    page.put(verdict, "abc");
    Path file = directory.resolve("page.md");
    Files.writeString(file, page.markdown(List.of(MUTANT)));
    return Page.read(file);
  }

  private static Verdict found(long seed) {
    return new Verdict(
        MUTANT,
        new Checks.Finding(
            "simulation", "seed " + seed, "lost write: 7", (int) seed, Duration.ZERO, ""),
        null);
  }

  @Test
  void aRowSaysWhatWasFoundAndWhere() throws IOException {
    Page page = written(found(83));
    assertThat(page.markdown(List.of(MUTANT)))
        .contains("1 mutants, 1 tried, 1 found", "| found | 83: lost write | not run | abc |");
    assertThat(page.seed(MUTANT)).hasValue(83);
    assertThat(page.isFound(MUTANT, "abc")).isTrue();
    assertThat(page.isFound(MUTANT, "def")).isFalse();
  }

  @Test
  void nothingOfOneThatHasChanged() throws IOException {
    Page page = written(found(83));
    assertThat(page.markdown(List.of(CHANGED)))
        .contains("1 mutants, 0 tried, 0 found", "| not tried | | | | |");
    assertThat(page.seed(CHANGED)).isEmpty();
    assertThat(page.isFound(CHANGED, "abc")).isFalse();
  }

  @Test
  void whatTheSimulationLookedForInVainIsLeftToTests() throws IOException {
    var inVain = new Checks.Finding("simulation", "", "", 100, Duration.ZERO, "");
    Page page = written(new Verdict(MUTANT, inVain, null));
    assertThat(page.isLeftToTests(MUTANT)).isTrue();
    assertThat(page.isFound(MUTANT, "abc")).isFalse();
    assertThat(page.isLeftToTests(CHANGED)).isFalse();
  }
}

package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A night that goes on with other options would count segments of seeds that it does not mean. */
final class OtherOptionsTest {
  @TempDir private Path directory;

  @Test
  void aNightGoesOnWithItsOwnOptionsOnly() throws IOException {
    NightOptions.keep(directory, "--from 1 --segment-seeds 250", "abc");
    NightOptions.keep(directory, "--from 1 --segment-seeds 250", "abc");
    assertThatThrownBy(() -> NightOptions.keep(directory, "--from 5 --segment-seeds 250", "abc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("--from 1 --segment-seeds 250", "--from 5", "--directory");
  }

  @Test
  void aWholeNightSaysNothingOfAnotherCommit() throws IOException {
    NightOptions.keep(directory, "--from 1", "abc");
    assertThatThrownBy(() -> NightOptions.keep(directory, "--from 1", "def"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("--from 1 at abc", "--from 1 at def", "--directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc-dirty", "unknown"})
  void whatIsNotCommittedIsNotTheSameAgain(String commit) throws IOException {
    NightOptions.keep(directory, "--from 1", commit);
    assertThatThrownBy(() -> NightOptions.keep(directory, "--from 1", commit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("commit what has changed");
  }

  @Test
  void theCommandRefusesOthers() {
    assertThat(nightly("--from=1")).isZero(); // of no seeds
    assertThat(nightly("--from=2")).isEqualTo(2);
    assertThat(nightly("--segment-seeds=7")).isEqualTo(2);
    assertThat(Files.exists(directory.resolve("segment-0001.json"))).isFalse();
  }

  private int nightly(String option) {
    var silent = new PrintWriter(new StringWriter());
    return new CommandLine(new Nightly())
        .setOut(silent)
        .setErr(silent)
        .execute("--directory=" + directory, "--seeds=0", "--hours=0", option);
  }
}

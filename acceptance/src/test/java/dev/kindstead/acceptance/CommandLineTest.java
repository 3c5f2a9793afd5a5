package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServer.class)
class CommandLineTest {
  private static final int USAGE = 2;
  private static final int ADDRESS = 3;
  private static final int DATA_IN_USE = 4;

  @Test
  void helpNamesEveryCommandAndFlag() {
    assertThat(CommandLine.run("--help").output()).contains("dev", "start", "config", "version");
    assertThat(CommandLine.run("start", "--help").output())
        .contains("--listen", "--data-dir", "--tls-certificate", "--insecure");
  }

  @Test
  void version() {
    ClientProgram.Result result = CommandLine.run("version");

    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).containsIgnoringCase("kindstead").containsPattern("\\d+\\.\\d+");
  }

  @Test
  void aMisspeltCommandOrFlagIsRefused() {
    assertThat(CommandLine.run("dve").exitCode()).isEqualTo(USAGE);
    ClientProgram.Result flag = CommandLine.run("dev", "--dta-dir", "x");

    assertThat(flag.exitCode()).isEqualTo(USAGE);
    assertThat(flag.output()).contains("--data-dir");
  }

  @Test
  void aMisspeltKeyInTheFileIsRefusedWithASuggestion(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("kindstead.yaml"), "lisen: localhost:1\n");
    ClientProgram.Result result = CommandLine.run("start", "--config", file.toString());

    assertThat(result.exitCode()).isEqualTo(USAGE);
    assertThat(result.output()).contains("lisen", "listen");
  }

  @Test
  void configShowTellsWhereEachValueComesFrom(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("kindstead.yaml"), "listen: localhost:1\nshards: 2\nproject: file\n");
    ClientProgram.Result result =
        CommandLine.run(
            Map.of("KINDSTEAD_SHARDS", "3", "KINDSTEAD_PROJECT", "environment"),
            "config",
            "show",
            "--config",
            file.toString(),
            "--project",
            "flag");

    assertThat(result.output()).containsPattern("(?m)^listen\\b.*localhost:1.*kindstead.yaml");
    assertThat(result.output()).containsPattern("(?m)^shards\\b.*3.*KINDSTEAD_SHARDS");
    assertThat(result.output()).containsPattern("(?m)^project\\b.*flag.*--project");
    assertThat(result.output()).containsPattern("(?m)^history-retention\\b.*1h.*default");
  }

  @Test
  void aPortInUseIsNamed(Endpoint server) {
    ClientProgram.Result result = CommandLine.run("dev", "--listen", server.hostAndPort());

    assertThat(result.exitCode()).isEqualTo(ADDRESS);
    assertThat(result.output()).contains(String.valueOf(server.port())).contains("in use");
  }

  @Test
  void aDataDirectoryHasOneServer(@TempDir Path directory) {
    try (KindsteadProcess first = KindsteadProcess.durable(directory)) {
      ClientProgram.Result second =
          CommandLine.run(
              "start",
              "--data-dir",
              directory.toString(),
              "--listen",
              "localhost:" + KindsteadProcess.freePort());

      assertThat(second.exitCode()).isEqualTo(DATA_IN_USE);
      assertThat(first.isAlive()).isTrue();
      assertThat(first.stop()).isIn(0, 143);
    }
  }
}

package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole command line, up to the point where a server would start. */
final class CommandLineTest {
  private final List<Configuration> started = new ArrayList<>();
  private final StringWriter output = new StringWriter();

  @TempDir Path directory;

  private int run(Map<String, String> environment, String... arguments) {
    return new Kindstead(
            environment,
            configuration -> {
              started.add(configuration);
              return ExitCode.OK;
            })
        .writingTo(new PrintWriter(output, true))
        .run(arguments);
  }

  private Configuration started(String... arguments) {
    assertThat(run(Map.of(), arguments)).as(output.toString()).isEqualTo(ExitCode.OK);
    return started.getLast();
  }

  private String refused(String... arguments) {
    assertThat(run(Map.of(), arguments)).isEqualTo(ExitCode.USAGE);
    assertThat(started).isEmpty();
    return output.toString();
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("kindstead.yaml"), text);
  }

  @Test
  void devListensOnTheEmulatorsAddressAndKeepsDataInMemory() {
    Configuration dev = started("dev");
    assertThat(dev.get(Setting.LISTEN)).hasToString("localhost:8081");
    assertThat(dev.find(Setting.DATA_DIR)).isEmpty();
  }

  @Test
  void startKeepsDataOnDisk() {
    assertThat(started("start").find(Setting.DATA_DIR)).contains(Path.of("kindstead-data"));
  }

  @Test
  void flagBeatsEnvironmentBeatsFileBeatsDefault() throws Exception {
    Path file = file("shards: 7\nlisten: localhost:1\ntransaction-idle-max: 5s\n");
    int code =
        run(
            Map.of("KINDSTEAD_SHARDS", "8", "KINDSTEAD_LISTEN", "localhost:2"),
            "config",
            "show",
            "--config",
            file.toString(),
            "--listen=localhost:3");
    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(output.toString())
        .containsPattern("listen +localhost:3 +flag --listen\n")
        .containsPattern("shards +8 +environment KINDSTEAD_SHARDS\n")
        .containsPattern("transaction-idle-max +5s +file .*kindstead.yaml:3\n")
        .containsPattern("fsync +always +default\n");
  }

  @Test
  void anEmptyPathIsRefused() {
    assertThat(refused("start", "--data-dir", "")).contains("data-dir").contains("empty");
  }

  @Test
  void configCheckLooksAtTheDirectoryAndTheFiles() throws Exception {
    Path file = file("");
    assertThat(run(Map.of(), "config", "check", "--data-dir", file.resolve("x").toString()))
        .isEqualTo(ExitCode.DATA_NOT_ACCESSIBLE);
    assertThat(output.toString()).contains(file + " is not a directory");
    Path absent = directory.resolve("absent.pem");
    assertThat(
            refused(
                "config", "check", "--tls-key=" + absent, "--tls-certificate=" + file.toString()))
        .contains("absent.pem is not a file this user can read");
    assertThat(
            refused(
                "config",
                "check",
                "--node-tls-authority=" + absent,
                "--node-tls-certificate=" + file,
                "--node-tls-key=" + file))
        .contains("node-tls-authority: " + absent);
    Path fresh = directory.resolve("not/yet/there");
    assertThat(run(Map.of(), "config", "check", "--data-dir", fresh.toString())).isZero();
    assertThat(fresh).doesNotExist();
  }

  @Test
  void configShowSpeaksJson() {
    assertThat(run(Map.of(), "config", "show", "--json", "--data-dir=a\"b")).isZero();
    assertThat(output.toString())
        .contains("\"data-dir\": {\"value\": \"a\\\"b\", \"origin\": \"flag --data-dir\"}")
        .contains("\"tls-key\": {\"value\": null, \"origin\": \"default\"}");
  }

  @Test
  void unknownKeyIsRefusedWithItsLineAndASuggestion() throws Exception {
    Path file = file("shards: 4\nlissten: localhost:1\n");
    assertThat(refused("start", "--config", file.toString()))
        .contains("kindstead.yaml:2: unknown key \"lissten\"; did you mean \"listen\"?");
  }

  @Test
  void keyGivenTwiceIsRefused() throws Exception {
    Path file = file("shards: 4\nshards: 5\n");
    assertThat(refused("start", "--config", file.toString())).contains("kindstead.yaml:2");
  }

  @Test
  void listWhereAValueBelongsIsRefused() throws Exception {
    Path file = file("listen:\n  - localhost:1\n");
    assertThat(refused("start", "--config", file.toString())).contains("takes one value");
  }

  @Test
  void brokenYamlIsRefusedWithItsLine() throws Exception {
    Path file = file("shards: 4\nlisten: [\n");
    assertThat(refused("start", "--config", file.toString())).contains("kindstead.yaml:");
  }

  @Test
  void valueThatMakesNoSenseNamesItsOrigin() {
    assertThat(run(Map.of("KINDSTEAD_SHARDS", "many"), "start")).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("shards (environment KINDSTEAD_SHARDS): no number");
  }

  @Test
  void misspeltFlagAndCommandGetASuggestion() {
    assertThat(refused("start", "--lisen=localhost:1")).contains("Did you mean --listen?");
    assertThat(refused("strat")).contains("Did you mean start?");
  }

  @Test
  void everyNameOfAFlagIsSuggested() {
    assertThat(refused("dev", "--lissten", "x")).contains("Did you mean --listen?");
    assertThat(refused("dev", "--host-prt=x")).contains("Did you mean --host-port?");
  }

  @Test
  void versionIsAlsoAFlag() {
    assertThat(run(Map.of(), "--version")).isZero();
    assertThat(output.toString()).startsWith("kindstead ");
  }

  @Test
  void everyCommandHasHelp() {
    for (String command : List.of("dev", "start", "config", "version")) {
      assertThat(run(Map.of(), command, "--help")).isZero();
    }
    assertThat(run(Map.of(), "config", "show", "--help")).isZero();
    assertThat(run(Map.of(), "--help")).isZero();
    assertThat(output.toString()).contains("--tls-certificate").contains("Usage: kindstead dev");
    assertThat(started).isEmpty();
  }

  @Test
  void listedCommandsAreDescribedInWholeSentences() {
    for (String group : List.of("", "config", "cluster", "node", "shard", "index", "cert")) {
      output.getBuffer().setLength(0);
      assertThat(run(Map.of(), (group + " --help").strip().split(" "))).isZero();
      String commands = output.toString().split("Commands:\n")[1].split("\n\n")[0];
      assertThat(commands.strip().split("\n  (?=\\S)"))
          .allSatisfy(command -> assertThat(command.strip()).endsWith("."));
    }
  }

  @Test
  void anEmptyAddressToJoinIsRefused() {
    for (String addresses : List.of("", ",", "a:8082,,b:8082", "a:8082,")) {
      assertThat(refused("start", "--join", addresses)).contains("join", "an address is empty");
      output.getBuffer().setLength(0);
    }
    assertThat(started("start", "--join", "localhost:1, 127.0.0.2:2").get(Setting.JOIN)).hasSize(2);
  }

  /** It would wait for ever, and the others for it. */
  @Test
  void aNodeThatOthersCannotReachIsRefused() {
    for (String join : List.of("192.0.2.1:8082", "localhost:8082,192.0.2.1:8082")) {
      assertThat(refused("start", "--join", join))
          .contains("192.0.2.1:8082", "localhost:8082", "--node-listen", "--node-advertise");
      output.getBuffer().setLength(0);
    }
    started("start", "--join=localhost:8082,[::1]:8083,127.0.0.1:8084");
    started("start", "--join=192.0.2.1:8082", "--node-advertise=192.0.2.9:8082");
    started("start", "--join=192.0.2.1:8082", "--node-listen=192.0.2.9:8082", "--insecure");
  }

  @Test
  void clientsAndNodesNeedAnAddressEach() {
    assertThat(refused("start", "--listen=localhost:8082")).contains("--node-listen");
    started("start", "--listen=localhost:8082", "--node-listen=localhost:8083");
  }

  @Test
  void aMissingParameterIsAskedFor() {
    for (String command : List.of("node add", "node drain", "node remove", "node kill")) {
      assertThat(refused(command.split(" "))).contains("Missing required parameter: 'N");
      output.getBuffer().setLength(0);
    }
    assertThat(refused("index", "apply")).contains("Missing required parameter: 'FILE'");
    assertThat(refused("index", "delete")).contains("Missing required parameter: 'INDEX'");
  }

  @Test
  void emulatorsCommandLineIsUnderstood() {
    Configuration dev =
        started(
            "dev",
            "--host-port=127.0.0.1:9123",
            "--project=test-project",
            "--consistency=1.0",
            "--data-dir=" + directory,
            "--no-store-on-disk",
            "--use-firestore-in-datastore-mode",
            "--require-indexes");
    assertThat(dev.get(Setting.LISTEN)).hasToString("127.0.0.1:9123");
    assertThat(dev.get(Setting.PROJECT)).isEqualTo("test-project");
    assertThat(dev.find(Setting.DATA_DIR)).isEmpty();
    assertThat(output.toString())
        .contains("--consistency has no effect")
        .doesNotContain("--require-indexes has");
    assertThat(dev.get(Setting.INDEXES)).isEqualTo("strict");
  }

  @Test
  void storeOnDiskWithoutADirectoryHasOne() {
    assertThat(started("dev", "--store-on-disk").find(Setting.DATA_DIR)).isPresent();
    assertThat(refused(() -> run(Map.of(), "dev", "--store-on-disk", "--no-store-on-disk")))
        .contains("contradict");
  }

  private String refused(java.util.function.IntSupplier command) {
    assertThat(command.getAsInt()).isEqualTo(ExitCode.USAGE);
    return output.toString();
  }

  @Test
  void emulatorVariablesSetAddressAndProjectInDevOnly() {
    var variables =
        Map.of("DATASTORE_EMULATOR_HOST", "localhost:9999", "DATASTORE_PROJECT_ID", "mine");
    assertThat(run(variables, "dev")).isZero();
    assertThat(started.getLast().get(Setting.LISTEN)).hasToString("localhost:9999");
    assertThat(started.getLast().get(Setting.PROJECT)).isEqualTo("mine");
    assertThat(run(variables, "start")).isZero();
    assertThat(started.getLast().get(Setting.LISTEN)).hasToString("localhost:8081");
  }

  @Test
  void emulatorVariableThatNamesAnotherMachineIsNotOurAddress() {
    assertThat(run(Map.of("DATASTORE_EMULATOR_HOST", "192.0.2.1:8081"), "dev")).isZero();
    assertThat(started.getLast().get(Setting.LISTEN)).hasToString("localhost:8081");
  }

  @Test
  void relaxedFsyncIsForDevOnly() {
    assertThat(refused("start", "--fsync=relaxed")).contains("dev");
    assertThat(started("dev", "--fsync=relaxed").get(Setting.FSYNC)).isEqualTo("relaxed");
  }

  @Test
  void configCheckRefusesWhatStartWouldRefuse() {
    assertThat(refused("config", "check", "--listen=0.0.0.0:8081")).contains("--insecure");
  }

  /** Each of these once stopped a timer, or wrote half a data directory, at a later time. */
  @ParameterizedTest
  @CsvSource({
    "shards, 300, from 1 to 256",
    "block-cache, 1, from 1MiB to",
    "history-retention, 9m, from 10m to 7d",
    "transaction-idle-max, 999999d, from 1s to 1d",
    "transaction-total-max, 0s, from 1s to 1d",
    "checkpoint-interval, 0s, from 1s to 7d",
    "disk-headroom, 99999TiB, from 0 to",
    "request-bytes-max, 0, from 1KiB to 32MiB",
    "request-bytes-max, 33MiB, from 1KiB to 32MiB",
    "connections-max, 2000000000, from 1 to",
    "requests-in-flight-max, 2000000000, from 1 to",
    "drain-wait, 999999d, from 0s to",
    "replace-after, 0s, from 1s to",
    "replace-after, 999999d, from 1s to",
    "copy-rate, 0, from 1MiB to",
  })
  void anAmountOutOfBoundsIsRefusedWithTheBounds(String key, String amount, String bounds) {
    assertThat(refused("start", "--" + key + "=" + amount))
        .contains(key, bounds)
        .contains(": " + amount);
  }

  @Test
  void theBoundsThemselvesAreTaken() {
    started("start", "--shards=256", "--request-bytes-max=32MiB", "--replace-after=365d");
    started("start", "--mutations-max=none", "--lookup-keys-max=none", "--disk-headroom=0");
  }
}

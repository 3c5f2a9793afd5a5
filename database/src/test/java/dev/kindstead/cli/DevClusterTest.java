package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: a node that is killed or paused comes back, and none outlives its cluster. */
@Timeout(120)
final class DevClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir Path home;

  private @Nullable Process dev;

  @AfterEach
  void killAll() throws InterruptedException {
    if (dev != null) {
      dev.descendants().forEach(ProcessHandle::destroyForcibly);
      dev.destroyForcibly().waitFor();
    }
  }

  private Path log() {
    return home.resolve("log");
  }

  private Process startDev(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.kindstead.server.Main",
            "dev",
            "--data-dir=" + data(),
            "--block-cache=1MiB",
            "--shards=1"));
    command.addAll(List.of(arguments));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    dev = started;
    return started;
  }

  private Path data() {
    return home.resolve("data");
  }

  private String lines() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return "";
    }
  }

  private void await(String what, BooleanSupplier holds) throws InterruptedException {
    Instant late = Instant.now().plus(PATIENCE);
    while (!holds.getAsBoolean()) {
      assertThat(Instant.now()).as("%s; it said:%n%s", what, lines()).isBefore(late);
      Thread.sleep(50);
    }
  }

  private String run(String... arguments) {
    var output = new StringWriter();
    new Kindstead(Map.of("KINDSTEAD_DATA_DIR", data().toString()), _ -> ExitCode.OK)
        .writingTo(new PrintWriter(output, true))
        .run(arguments);
    return output.toString();
  }

  @Test
  void nodesAreKilledPausedAndStartedAgain() throws Exception {
    Process running = startDev("--nodes=3", "--listen=localhost:0");
    await("the greeting", () -> lines().contains("Dev App Server is now running."));
    String first =
        lines()
            .lines()
            .filter(line -> line.contains("export DATASTORE_EMULATOR_HOST="))
            .map(line -> line.substring(line.indexOf('=') + 1))
            .findFirst()
            .orElseThrow();
    String endpoint = "--endpoint=" + first;
    await("it serves", () -> run("cluster", "status", endpoint).contains("3 of 3 nodes"));

    assertThat(run("node", "kill", "3")).contains("Killed node 3");
    await("its end is told", () -> lines().contains("[n3] ended with code 137"));
    assertThat(run("node", "kill", "3")).contains("node 3 does not run");
    assertThat(run("cluster", "status", endpoint))
        .containsPattern("(?m)^3 +UNREACHABLE")
        .contains("2 of 3 nodes reachable");
    assertThat(run("node", "start", "3")).contains("Started node 3");

    assertThat(run("node", "pause", "2")).contains("Paused node 2");
    assertThat(run("node", "list", endpoint)).containsPattern("(?m)^2 +UNREACHABLE");
    assertThat(run("node", "start", "2")).contains("Node 2 goes on");
    await("all are back", () -> run("cluster", "status", endpoint).contains("3 of 3 nodes"));

    assertThat(run("node", "drain", "2", endpoint)).contains("is drained: it leads nothing");
    assertThat(run("node", "start", "2"))
        .contains("but is drained, until it is started anew: \"kindstead node kill 2");

    run("node", "kill", "2");
    run("node", "kill", "3");
    await("nobody serves", () -> run("cluster", "status", endpoint).contains("NOBODY SERVES"));
    for (String change : List.of("add", "remove", "drain")) {
      assertThat(run("node", change, "1", endpoint))
          .contains("no majority: 1 of 3 nodes with a vote answer, 2 are needed");
    }
    run("node", "start", "2");
    run("node", "start", "3");
    await("all are back", () -> run("cluster", "status", endpoint).contains("3 of 3 nodes"));
    assertThat(run("node", "list", endpoint)).doesNotContain("draining");

    List<ProcessHandle> nodes = running.descendants().toList();
    assertThat(nodes).hasSize(3);
    running.destroy();
    assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).isEqualTo(ExitCode.OK);
    assertThat(nodes).noneMatch(ProcessHandle::isAlive);
    assertThat(run("node", "start", "1")).contains("no development cluster runs in");
  }

  @Test
  void oneThatCannotBeginEndsTheOthers() throws Exception {
    Process running = startDev("--nodes=3", "--listen=192.0.2.1:0", "--insecure");
    assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(running.exitValue()).as(lines()).isEqualTo(ExitCode.ADDRESS);
    assertThat(lines()).contains("can't listen on 192.0.2.1");
  }

  @Test
  void onlySizesThatSurviveALossAreTaken() {
    assertThat(run("dev", "--nodes=2")).contains("--nodes takes 1, 3 or 5");
    assertThat(run("dev", "--nodes=3", "--fsync=relaxed")).contains("nodes always sync");
  }
}

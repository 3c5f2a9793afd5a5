package dev.kindstead.faults.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindstead.faults.machine.Shim.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shim under small programs, instead of a node. */
final class ShimTest {
  @TempDir private Path directory;
  private Path data;
  private Shim shim;

  @BeforeEach
  void compile() throws IOException {
    Machine machine = new Machine(directory);
    assumeTrue(machine.noShim().isEmpty(), () -> "missing: " + machine.noShim());
    data = Files.createDirectories(directory.resolve("data")).toRealPath();
    shim = new Shim(Shim.compile(directory), directory.resolve("told"), data);
  }

  @AfterEach
  void close() {
    if (shim != null) {
      shim.close();
    }
  }

  private int run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("out").toFile());
    builder.environment().putAll(Map.copyOf(shim.environment()));
    return builder.start().waitFor();
  }

  private int write(Path file) throws IOException, InterruptedException {
    return run("dd", "if=/dev/zero", "of=" + file, "bs=4096", "count=1", "conv=fsync");
  }

  @Test
  void withoutTroubleNothingChanges() throws Exception {
    assertThat(write(data.resolve("file"))).isZero();
    assertThat(data.resolve("file")).hasSize(4096);
  }

  @Test
  void writesFailBelowTheDirectoryOnly() throws Exception {
    shim.begin(Trouble.FAIL_WRITE);

    assertThat(write(data.resolve("file"))).isNotZero();
    assertThat(directory.resolve("out")).content().contains("Input/output error");
    assertThat(write(directory.resolve("elsewhere"))).isZero();
    assertThat(shim.count(Trouble.FAIL_WRITE)).isPositive();
  }

  @Test
  void syncsFailUntilTheyAreMended() throws Exception {
    shim.begin(Trouble.FAIL_SYNC);
    assertThat(write(data.resolve("file"))).isNotZero();
    assertThat(shim.count(Trouble.FAIL_SYNC)).isEqualTo(1);

    shim.end(Trouble.FAIL_SYNC);
    assertThat(write(data.resolve("file"))).isZero();
  }

  @Test
  void syncsTakeTheirTime() throws Exception {
    shim.delaySyncs(Duration.ofMillis(300));
    shim.begin(Trouble.SLOW_SYNC);
    long begin = System.nanoTime();

    assertThat(write(data.resolve("file"))).isZero();
    assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(300).toNanos());
  }

  @Test
  void aTornWriteEndsTheProcess() throws Exception {
    shim.begin(Trouble.TORN_WRITE);

    assertThat(write(data.resolve("file"))).isEqualTo(137);
    assertThat(data.resolve("file")).hasSize(2048);
  }

  @Test
  void theWallClockIsWrong() throws Exception {
    shim.moveClock(Duration.ofDays(-400));

    assertThat(run("date", "+%s")).isZero();
    long told = Long.parseLong(Files.readString(directory.resolve("out")).strip());
    assertThat(Instant.now().getEpochSecond() - told).isBetween(399L * 86_400, 401L * 86_400);
    assertThat(shim.wrongTimes()).isPositive();
  }
}

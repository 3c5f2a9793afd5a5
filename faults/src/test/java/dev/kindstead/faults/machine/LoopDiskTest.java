package dev.kindstead.faults.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fault leaves behind on a node's file system befalls the rounds after it. */
final class LoopDiskTest {
  private static final long LEFT_BYTES = 1 << 20;

  @TempDir private Path directory;

  @Test
  void aPowerCutDoesNotBringBackWhatFilledTheDisk() throws IOException {
    Machine machine = new Machine(directory);
    assumeTrue(machine.noLoopDisks().isEmpty(), () -> "missing: " + machine.noLoopDisks());
    try (var disk = new LoopDisk(directory, "disk")) {
      disk.fill(LEFT_BYTES);
      assertThat(disk.takesWrites()).as("synced, and with it what fills it").isTrue();
      disk.empty();
      disk.cutPower();
      disk.restorePower();
      assertThat(Files.getFileStore(directory.resolve("disk")).getUsableSpace())
          .isGreaterThan(100 * LEFT_BYTES);
    }
  }

  @Test
  void thePowerComesBackWhoeverElseHasTheDiskMounted() throws IOException {
    Machine machine = new Machine(directory);
    assumeTrue(machine.noLoopDisks().isEmpty(), () -> "missing: " + machine.noLoopDisks());
    try (var disk = new LoopDisk(directory, "disk")) {
      Process other =
          new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "3")
              .start();
      assumeTrue(
          Pause.until(
              Duration.ofSeconds(10), () -> other.info().command().orElse("").endsWith("sleep")),
          "missing: unshare");
      disk.cutPower();
      disk.restorePower();
      assertThat(disk.takesWrites()).isTrue();
      other.destroy();
    }
  }
}

package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./kindstead prepare} has made is used: the JVM leaves it aside in silence if not. */
class PreparedStartTest {
  private static final Path MEMORY_MAPS = Path.of("/proc/self/maps");

  @Test
  void ofADurableNode(@TempDir Path directory) throws IOException {
    assumeTrue(Files.exists(MEMORY_MAPS), "needs Linux: what a process has mapped is not told");
    assertThat(CommandLine.run("prepare").exitCode()).isZero();
    try (KindsteadProcess server = KindsteadProcess.durable(directory)) {
      assertThat(server.memoryMaps()).contains("/kindstead/start.aot");
    }
  }
}

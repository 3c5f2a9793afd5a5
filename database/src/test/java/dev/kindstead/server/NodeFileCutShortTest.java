package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A system that writes only the beginning of a small file says so by a number, not by an error. */
@Timeout(30)
final class NodeFileCutShortTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=32k", "kindstead-test", directory.toString());
    assumeTrue(mounted, "skipped: mounting a small file system needs root");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", directory.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Test
  void itDoesNotTakeTheOldOnesPlace() throws Exception {
    var files = new NodeFiles(directory, new Random(1));
    files.refused("by those");
    assertThatThrownBy(() -> files.refused("x".repeat(100_000)))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(files.refusal()).isEqualTo("by those");
    assertThat(run("mount", "-o", "remount,size=4m", directory.toString())).isTrue();
    assertThat(new NodeFiles(directory, new Random(2)).refusal()).isEqualTo("by those");
  }
}

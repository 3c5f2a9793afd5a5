package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.SmallDisk;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A system that writes only the beginning of a small file says so by a number, not by an error. */
@Timeout(30)
final class NodeFileCutShortTest {
  @Test
  void itDoesNotTakeTheOldOnesPlace(@TempDir Path directory) throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, "32k")) {
      var files = new NodeFiles(directory, new Random(1));
      files.refused("by those");
      assertThatThrownBy(() -> files.refused("x".repeat(100_000)))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(files.refusal()).isEqualTo("by those");
      disk.grow("4m");
      assertThat(new NodeFiles(directory, new Random(2)).refusal()).isEqualTo("by those");
    }
  }
}

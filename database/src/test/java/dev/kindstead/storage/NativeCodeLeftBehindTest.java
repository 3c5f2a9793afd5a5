package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that is killed leaves no copy of RocksDB's native code among the temporary files. */
final class NativeCodeLeftBehindTest {
  @Test
  void theFileIsGoneWhileItsCodeIsInUse() throws Exception {
    Path maps = Path.of("/proc/self/maps");
    assumeThat(Files.exists(maps)).as("the system tells what is mapped (Linux)").isTrue();
    new RocksResources(StorageSizes.SMALL).close();
    List<String> mapped =
        Files.readAllLines(maps).stream().filter(line -> line.contains("librocksdbjni")).toList();
    assertThat(mapped).isNotEmpty().allMatch(line -> line.endsWith("(deleted)"));
  }
}

package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.cli.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica that has lost its files would begin anew and vote for what has forgotten its writes.
 */
@Timeout(60)
final class GroupLostTest {
  @TempDir private Path directory;

  private int startAndStop() {
    return new Kindstead(
            Map.of(),
            configuration -> {
              Node.start(NodeOptions.of(configuration), () -> {}, _ -> {}).close();
              return ExitCode.OK;
            })
        .run(
            "start",
            "--data-dir=" + directory,
            "--listen=localhost:0",
            "--node-listen=localhost:0",
            "--shards=2");
  }

  private void lose(String path) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(path))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void itIsNoticedAtTheNextStart() throws Exception {
    assertThat(startAndStop()).isZero();
    assertThat(startAndStop()).isZero();
    assertThat(directory.resolve(GroupFiles.NAME))
        .hasContent(
            """
            kindstead-groups 1
            system log store vote
            shard-0000 log store vote
            shard-0001 log store vote
            checksum:%08x
            """
                .formatted(
                    Checksum.of(
                        """
                        kindstead-groups 1
                        system log store vote
                        shard-0000 log store vote
                        shard-0001 log store vote
                        """)));
    for (String lost : List.of("shard-0001/log", "shard-0001/vote", "shard-0001", "system")) {
      lose(lost);
      assertThat(startAndStop()).isEqualTo(ExitCode.DATA_NOT_OURS);
      assertThat(directory.resolve(lost)).doesNotExist();
      assertThatThrownBy(() -> new GroupFiles(directory).check())
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("has lost")
          .hasMessageContaining(lost);
    }
  }

  @Test
  void aNewGenerationOfAStoreIsOne() throws Exception {
    assertThat(startAndStop()).isZero();
    Files.move(
        directory.resolve("shard-0000/store"), directory.resolve("shard-0000/store.generation-2"));
    assertThat(startAndStop()).isZero();
  }

  @Test
  void aDirectoryOfAVersionWithoutTheFileGetsOne() throws Exception {
    assertThat(startAndStop()).isZero();
    Files.delete(directory.resolve(GroupFiles.NAME));
    assertThat(startAndStop()).isZero();
    assertThat(directory.resolve(GroupFiles.NAME)).exists();
  }
}

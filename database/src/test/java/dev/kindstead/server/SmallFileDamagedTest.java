package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeMemory.Boot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that reads a lower number of starts than it has made, its own or another's, takes an older
 * copy of a disk for the disk; one that misses a group in its list lets a replica begin anew.
 */
final class SmallFileDamagedTest {
  private static final String OTHER = "node-0123456789ab";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private NodeFiles start() throws IOException {
    return new NodeFiles(directory, new Random(1));
  }

  @Test
  void noNumberOfAStartIsMisread() throws IOException {
    start().hear(OTHER, new Boot(7, 77));
    Path file = directory.resolve("starts");
    String text = Files.readString(file);
    int end = text.indexOf("checksum");
    for (int at = text.indexOf('\n'); at < end; at++) {
      if (Character.isDigit(text.charAt(at))) {
        char other = text.charAt(at) == '0' ? '1' : '0';
        Files.writeString(file, text.substring(0, at) + other + text.substring(at + 1));
        assertThatThrownBy(this::start)
            .as("digit at %d of %s", at, text)
            .isInstanceOf(Refusal.class)
            .hasMessageContaining("damaged");
      }
    }
    Files.writeString(file, text);
    assertThat(start().heardOf(OTHER)).isEqualTo(new Boot(7, 77));
  }

  /** It takes the checksum for the start of a node that is called so. */
  @Test
  void whatAVersionWithoutChecksumsHasWrittenIsRead() throws IOException {
    String id = start().nodeId();
    String others = OTHER + " 7 77\n";
    for (String kept : new String[] {"", others}) {
      Files.writeString(
          directory.resolve("starts"),
          "kindstead-starts 1\n3\n%s 3 33\nchecksum 99 2\n%s".formatted(id, kept));
      NodeFiles files = start();
      assertThat(files.boot().number()).isEqualTo(4);
      assertThat(files.past()).containsExactly(new Boot(3, 33));
      assertThat(files.heardOf(OTHER).number()).isEqualTo(kept.isEmpty() ? 0 : 7);
      assertThat(files.heardOf("checksum")).isEqualTo(Boot.NONE);
    }
  }

  @Test
  void noGroupIsMissed() throws IOException {
    Files.createDirectories(directory.resolve("shard-0000/log"));
    NodeFiles node = start();
    var groups = new GroupFiles(directory);
    groups.keep(List.of("shard-0000"), node);
    groups.check();
    Path file = directory.resolve(GroupFiles.NAME);
    String text = Files.readString(file);
    Files.writeString(file, text.replace(" log", " "));
    assertThatThrownBy(groups::check).isInstanceOf(Refusal.class).hasMessageContaining("damaged");
    Files.writeString(file, text.substring(0, text.indexOf("checksum")));
    groups.check();
  }
}

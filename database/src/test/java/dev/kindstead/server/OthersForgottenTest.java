package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.directory.NodeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has begun alone is started as ever when others have joined it. */
final class OthersForgottenTest {
  private static final Map<String, String> OTHERS =
      Map.of("node-0123456789ab", "a:8082", "node-ba9876543210", "[::1]:8082");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private NodeFiles start() throws IOException {
    return new NodeFiles(directory, new Random(1));
  }

  @Test
  void whereTheyWereIsKnownAfterARestart() throws IOException {
    assertThat(start().addresses()).isEmpty();
    start().found(OTHERS);
    assertThat(start().addresses()).isEqualTo(OTHERS);
    start().found(Map.of());
    assertThat(start().addresses()).as("nobody has been heard of yet").isEqualTo(OTHERS);
  }

  @Test
  void aDamagedListIsNone() throws IOException {
    start().found(OTHERS);
    Path file = directory.resolve("addresses");
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x15;
      Files.write(file, damaged);
      assertThat(start().addresses()).as("byte %d", at).isEmpty();
    }
  }

  /** One of an earlier version has not kept them. */
  @Test
  void whoDoesNotKnowWhereTheyWereHasToBeTold() throws IOException {
    NodeFiles files = start();
    var alone = NodeIdentity.alone(files.nodeId(), 1, new Random(2));
    files.join(alone.withMembers(List.of(files.nodeId(), "node-b", "node-c")));
    int code =
        new Kindstead(
                Map.of(),
                configuration -> {
                  Node.start(NodeOptions.of(configuration), () -> {}, _ -> {}).close();
                  return ExitCode.OK;
                })
            .run("start", "--listen=0", "--node-listen=0", "--data-dir=" + directory);
    assertThat(code).isEqualTo(ExitCode.USAGE);
  }
}

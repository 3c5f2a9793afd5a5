package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.RecoverCommand.Wish;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was never here must not come up empty as if it had been all. */
final class RecoveredEmptyTest {
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  @Test
  void aNodeWhoseReplicasWereNotMadeYetIsRefused(@TempDir Path path) {
    try (var directory = DataDirectory.open(path, random)) {
      String self = directory.node().nodeId();
      List<String> members = List.of(self, "node-b", "node-c");
      directory.node().join(NodeIdentity.alone(self, 2, random).withMembers(members));
    }
    var wish = new Wish(path, List.of(), true, true);
    assertThatThrownBy(() -> Recovery.run(wish))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has no replica of");
    assertThatThrownBy(() -> Recovery.run(wish))
        .as("nothing was founded")
        .isInstanceOf(Refusal.class);
  }
}

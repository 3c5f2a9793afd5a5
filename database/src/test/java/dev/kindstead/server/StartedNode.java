package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts nodes in this process, by the words of a command line. */
final class StartedNode {
  private StartedNode() {}

  static Node by(String... command) {
    List<Node> started = new ArrayList<>();
    int code =
        new Kindstead(
                Map.of(),
                configuration -> {
                  started.add(Node.start(NodeOptions.of(configuration), () -> {}, _ -> {}));
                  return ExitCode.OK;
                })
            .run(command);
    assertThat(code).isZero();
    return started.getFirst();
  }
}

package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.cli.RecoverCommand.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of the old cluster and of the new one must not run side by side. */
final class RecoveryBrokenOffTest {
  private static final List<Integer> ALL = List.of(0, 1, 2);
  private static final List<String> START = List.of("start", "--listen=0", "--node-listen=0");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path scratch;

  @SuppressWarnings("NullAway.Init")
  private StoppedNodes nodes;

  @BeforeEach
  void breakOff() throws IOException {
    nodes = new StoppedNodes(scratch, 3, 3, 2);
    Shards.names(2).forEach(group -> nodes.run(group, ALL, ALL, List.of()));
    // The vote of the last group can't be saved.
    Path inTheWay = Files.createDirectory(nodes.path(0).resolve("shard-0001").resolve("vote.new"));
    assertThatThrownBy(this::recover).isInstanceOf(RuntimeException.class);
    Files.delete(inTheWay);
  }

  private void recover() {
    Recovery.run(new Wish(nodes.path(0), List.of(), true, false));
  }

  private int start(String... more) {
    String[] command =
        Stream.of(START.stream(), Stream.of("--data-dir=" + nodes.path(0)), Stream.of(more))
            .flatMap(words -> words)
            .toArray(String[]::new);
    return new Kindstead(
            Map.of(),
            configuration -> {
              Node.start(NodeOptions.of(configuration), () -> {}, _ -> {}).close();
              return ExitCode.OK;
            })
        .run(command);
  }

  @Test
  void itDoesNotStart() {
    assertThat(start()).isEqualTo(ExitCode.CLUSTER_REFUSED);
    assertThat(start("--join=localhost:1,localhost:2,localhost:3"))
        .isEqualTo(ExitCode.CLUSTER_REFUSED);
    try (var directory =
        DataDirectory.open(nodes.path(0), RandomGenerator.of("L64X128MixRandom"))) {
      assertThat(directory.node().refusal()).contains("kindstead recover --unsafe");
    }
  }

  @Test
  void itIsDoneByRunningItAgain() {
    recover();
    assertThat(start()).isEqualTo(ExitCode.OK);
  }

  /** The last thing is that the mark goes. */
  @Test
  void orWhenOnlyItsMarkIsLeft() {
    recover();
    try (var directory =
        DataDirectory.open(nodes.path(0), RandomGenerator.of("L64X128MixRandom"))) {
      directory.node().refused(Recovery.BROKEN_OFF);
    }
    assertThat(start()).isEqualTo(ExitCode.CLUSTER_REFUSED);
    recover();
    assertThat(start()).isEqualTo(ExitCode.OK);
  }
}

package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A program written with Google's Node.js client, the server killed with SIGKILL under it. */
@ExtendWith(ClusterOf3.class)
class NodeThroughKillTest {
  private static final Duration LIFE = Duration.ofSeconds(3);

  /** The client tries again for a long time; what it told until then is what counts. */
  private static final Duration WRITING_MAX = LIFE.plusSeconds(2);

  private static final Duration VERIFYING_MAX = Duration.ofMinutes(1);

  @Test
  void findsAllThatWasAcknowledged(@TempDir Path data) throws Exception {
    Path program = OtherClientsTest.NODE.installed();
    String project = Projects.fresh();
    Path told = data.resolveSibling("acknowledged-" + project);
    try (KindsteadProcess server = KindsteadProcess.durable(data)) {
      Files.writeString(told, writeThrough(program, server, project, server::kill));
    }
    try (KindsteadProcess server = KindsteadProcess.durable(data)) {
      assertKept(program, server, project, told);
    } finally {
      Files.delete(told);
    }
  }

  @Test
  void findsAllThatWasAcknowledgedOnAnotherNode(KindsteadCluster cluster, @TempDir Path directory)
      throws Exception {
    Path program = OtherClientsTest.NODE.installed();
    String project = Projects.fresh();
    Path told = directory.resolve("acknowledged");
    int served = cluster.serving();
    List<Integer> others = cluster.others();
    Endpoint through = cluster.endpoint(others.getFirst());
    Files.writeString(told, writeThrough(program, through, project, () -> cluster.kill(served)));
    assertKept(program, cluster.endpoint(others.getLast()), project, told);
  }

  private static String writeThrough(
      Path program, Endpoint server, String project, Runnable killing) throws Exception {
    Thread killer =
        Thread.ofVirtual()
            .start(() -> {
              Pause.of(LIFE);
              killing.run();
            });
    String output = run(program, WRITING_MAX, server, project, "write");
    killer.join();
    return output;
  }

  private static void assertKept(Path program, Endpoint server, String project, Path told) {
    String output = run(program, VERIFYING_MAX, server, project, "verify", told.toString());
    System.out.println("NodeThroughKillTest: " + output.strip());
    assertThat(output).containsPattern("kept (\\d{2,}) of \\1\n").doesNotContain("lost");
  }

  private static String run(
      Path program, Duration limit, Endpoint server, String project, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "keeps.mjs"));
    command.addAll(List.of(arguments));
    return ClientProgram.run(command, program, limit, ClientProgram.environment(server, project))
        .output();
  }
}

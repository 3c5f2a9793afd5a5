package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program written with Google's Node.js client, the server killed with SIGKILL under it. */
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
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(LIFE);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                server.kill();
              });
      String output = run(program, WRITING_MAX, server, project, "write");
      killer.join();
      Files.writeString(told, output);
    }
    try (KindsteadProcess server = KindsteadProcess.durable(data)) {
      String output = run(program, VERIFYING_MAX, server, project, "verify", told.toString());
      System.out.println("NodeThroughKillTest: " + output.strip());
      assertThat(output).containsPattern("kept (\\d{2,}) of \\1\n").doesNotContain("lost");
    } finally {
      Files.delete(told);
    }
  }

  private static String run(
      Path program, Duration limit, Endpoint server, String project, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", "keeps.mjs"));
    command.addAll(List.of(arguments));
    return ClientProgram.run(command, program, limit, ClientProgram.environment(server, project))
        .output();
  }
}

package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples in Python and Node.js, the node that leads everything killed between their write and
 * read: the shard they wrote to, too.
 */
class ExampleAcrossKillTest {
  @RegisterExtension static final ClusterOf3 LED_BY_ONE = new ClusterOf3("--leaders", "together");

  private static final String WRITTEN = "written";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "python | python3 | save_user.py | client.put(user) |"
            + " print('written', flush=True); input()",
        "node | npm | save-user.js | email: 'john.doe@example.com'}}); |"
            + " console.log('written'); await new Promise(go => process.stdin.once('data', go));"
            + " process.stdin.destroy();"
      })
  void readsWhatItHasWritten(
      String language,
      String tool,
      String program,
      String writes,
      String waits,
      KindsteadCluster cluster)
      throws Exception {
    ClientProgram.skipUnless(
        ClientProgram.onPath(tool), "example for " + language, tool + " is not installed");
    Path copy = ExamplesTest.copied(language);
    Path source = copy.resolve(program);
    String text = Files.readString(source);
    assertThat(text).contains(writes + "\n");
    Files.writeString(source, text.replace(writes + "\n", writes + "\n" + waits + "\n"));
    int serving = cluster.serving();
    cluster.others().forEach(cluster::awaitLeadsNothing);
    Endpoint through = cluster.endpoint(cluster.others().getFirst());

    ProcessBuilder builder =
        new ProcessBuilder("bash", "-ec", ExamplesTest.script(copy, through))
            .directory(copy.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(Map.of("METADATA_SERVER_DETECTION", "none"));
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader();
        var go = process.outputWriter()) {
      List<String> before = lines.lines().takeWhile(line -> !line.equals(WRITTEN)).toList();
      assertThat(process.isAlive()).as(String.join("\n", before)).isTrue();
      cluster.kill(serving);
      go.write("\n");
      go.flush();
      String after = lines.lines().collect(Collectors.joining("\n"));
      assertThat(after).contains("John Doe <john.doe@example.com>");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}

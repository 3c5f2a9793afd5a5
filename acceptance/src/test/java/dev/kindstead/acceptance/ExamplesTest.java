package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that the pages under examples/ tell, run as they stand but for the port. */
@Tag("shared")
@Tag("programs")
@ExtendWith(SharedServer.class)
class ExamplesTest {
  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final Duration RUN_MAX = Duration.ofMinutes(3);
  private static final List<String> MADE = List.of("node_modules", ".venv", "target");

  @ParameterizedTest
  @CsvSource({"python, python3", "node, npm", "java, java"})
  void printsTheUserItStored(String language, String tool, Endpoint server) throws Exception {
    ClientProgram.skipUnless(
        ClientProgram.onPath(tool), "example for " + language, tool + " is not installed");
    Path copy = copied(language);
    ClientProgram.Result result =
        ClientProgram.run(
            List.of("bash", "-ec", script(copy, server)),
            copy,
            RUN_MAX,
            Map.of("METADATA_SERVER_DETECTION", "none"));

    assertThat(result.output()).contains("John Doe <john.doe@example.com>");
    assertThat(result.exitCode()).isZero();
  }

  /** What the example's page says to type, against this server. */
  static String script(Path copy, Endpoint server) throws IOException {
    Matcher commands = COMMANDS.matcher(Files.readString(copy.resolve("README.md")));
    assertThat(commands.find()).isTrue();
    return commands
        .group(1)
        .replace("localhost:8081", server.hostAndPort())
        .replace("../../mvnw", KindsteadProcess.root().resolve("mvnw").toString());
  }

  /** Outside the sources, so that what the commands install stays out of them. */
  static Path copied(String language) {
    Path from = KindsteadProcess.root().resolve("examples").resolve(language);
    Path to = Path.of("target", "examples", language).toAbsolutePath();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(each);
        if (!MADE.contains(relative.getName(0).toString())) {
          Files.createDirectories(to.resolve(relative).getParent());
          Files.write(to.resolve(relative), Files.readAllBytes(each));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to;
  }
}

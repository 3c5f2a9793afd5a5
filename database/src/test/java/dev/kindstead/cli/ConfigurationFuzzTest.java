package dev.kindstead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that people write: any bytes make sense, or are refused with a sentence. */
final class ConfigurationFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(Refusal.class);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("file.yaml"), bytes);
  }

  static Stream<byte[]> configurations() {
    return Stream.of(
            "listen: '[::1]:8081'\njoin: a:1, b, :2\nzone: eu-1\ninsecure: yes\n",
            "block-cache: 64MiB\nhistory-retention: 1h\nmutations-max: none\nshards: 4\n",
            "# nothing\n",
            "[".repeat(4_000),
            "? {a: &x [1, *x]}\n: |\n  text\n...\n",
            "data-dir: \"a\\0b\"\ndisk-headroom: 999999999999999TiB\n")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("configurations")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void configuration(byte[] bytes) throws IOException {
    Path file = file(bytes);
    for (Profile profile : Profile.values()) {
      Configuration configuration =
          BYTES.read(
              bytes,
              _ ->
                  new ConfigurationSources(Map.of()).resolve(profile, Map.of(), Optional.of(file)));
      if (configuration != null) {
        Setting.ALL.forEach(configuration::find);
      }
    }
  }

  static Stream<byte[]> indexFiles() {
    return Stream.of(
            """
            indexes:
            # A comment.
            - kind: Task
              ancestor: yes
              properties:
              - name: done
              - name: created
                direction: desc
            """,
            "indexes: [{kind: \"o'd \\u00e9\\n\", properties: [{name: '#x: y', direction: asc}]}]",
            "indexes:\n")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("indexFiles")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void indexes(byte[] bytes) throws IOException {
    BYTES.comesBack(
        bytes,
        any -> IndexFile.read(file(any)),
        indexes -> IndexFile.text(indexes).getBytes(UTF_8));
  }
}

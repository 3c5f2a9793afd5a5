package dev.kindstead;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Main;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One format for all Java files of all modules: google-java-format's. To rewrite them instead of
 * failing: {@code ./mvnw -pl database test -Dtest=FormatTest -Dkindstead.format=write}.
 */
final class FormatTest {
  @Test
  void everyFileIsFormatted() throws Exception {
    boolean write = "write".equals(System.getProperty("kindstead.format"));
    List<String> arguments = new ArrayList<>();
    arguments.add(write ? "--replace" : "--dry-run");
    Sources.files(".java").stream().map(Path::toString).forEach(arguments::add);

    var unformatted = new StringWriter();
    var errors = new StringWriter();
    try (var out = new PrintWriter(unformatted);
        var err = new PrintWriter(errors)) {
      new Main(out, err, InputStream.nullInputStream()).format(arguments.toArray(String[]::new));
    }

    assertThat(errors.toString()).isEmpty();
    assertThat(unformatted.toString().replace(Sources.root() + "/", "").lines())
        .as("not in google-java-format; rewrite with -Dtest=FormatTest -Dkindstead.format=write")
        .isEmpty();
  }
}

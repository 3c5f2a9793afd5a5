package dev.kindstead.simulation.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Java process of our own, which says something and ends. */
final class Child {
  /** What a mutant can make a child say; more is dropped. */
  private static final int LINES_MAX = 20_000;

  /**
   * What became of it.
   *
   * @param exitCode -1 when it did not end in time and was killed
   */
  record Result(int exitCode, List<String> lines) {
    boolean isHung() {
      return exitCode < 0;
    }
  }

  private Child() {}

  /**
   * Runs a main class.
   *
   * @param directory that it runs in
   */
  static Result run(
      Path directory, List<String> options, String classPath, List<String> call, Duration limit) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath));
    command.addAll(call);
    Process process = null;
    try {
      Path output = Files.createTempFile("mutants", ".out");
      try {
        process =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        try (Stream<String> lines = Files.lines(output, StandardCharsets.ISO_8859_1)) {
          return new Result(ended ? process.exitValue() : -1, lines.limit(LINES_MAX).toList());
        }
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }
}

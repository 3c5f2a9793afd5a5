package dev.kindstead.acceptance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * A program under {@code clients/} written with Google's client for another language. It prints
 * {@code ok NAME} or {@code not ok NAME # reason} for each of its checks, and each becomes a test.
 * Where its toolchain or its package registry is absent, the tests are skipped, saying so.
 */
record ClientProgram(String language, List<String> install, List<String> run) {
  private static final Duration INSTALL_MAX = Duration.ofMinutes(3);
  private static final Duration RUN_MAX = Duration.ofMinutes(2);

  /** Installs a copy of the program below {@code target}, runs it, and tells its checks apart. */
  Stream<DynamicTest> checks(Endpoint server) {
    Path directory = installed();
    Result result = run(run, directory, RUN_MAX, environment(server, Projects.fresh()));
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : result.output().lines().toList()) {
      if (line.startsWith("ok ")) {
        tests.add(dynamicTest(line.substring(3), () -> {}));
      } else if (line.startsWith("not ok ")) {
        String name = line.substring(7).replaceFirst(" # .*", "");
        // What its other threads have died of stands elsewhere in the output.
        tests.add(dynamicTest(name, () -> Assertions.fail(line + "\n" + result.output())));
      }
    }
    if (result.exitCode() != 0 || tests.isEmpty()) {
      tests.add(dynamicTest("ends in order", () -> Assertions.fail(result.toString())));
    }
    return tests.stream();
  }

  /** What the clients of all languages look for. */
  static Map<String, String> environment(Endpoint server, String project) {
    return Map.of(
        "DATASTORE_EMULATOR_HOST",
        server.hostAndPort(),
        "DATASTORE_PROJECT_ID",
        project,
        // Else Node's client looks for Google's metadata server for seconds.
        "METADATA_SERVER_DETECTION",
        "none");
  }

  /** A copy of the program below {@code target}, with what it needs. */
  Path installed() {
    Path directory = Path.of("target", "clients", language).toAbsolutePath();
    copy(Path.of("clients", language), directory);
    if (!install.isEmpty()) {
      skipUnless(onPath(install.getFirst()), install.getFirst() + " is not installed");
      Result result = run(install, directory, INSTALL_MAX, Map.of());
      skipUnless(result.exitCode() == 0, String.join(" ", install) + " failed: " + result.output());
    }
    return directory;
  }

  private void skipUnless(boolean claim, String reason) {
    skipUnless(claim, "the client for " + language, reason);
  }

  /** Skips the test, and says so where a build's output is read. */
  static void skipUnless(boolean claim, String what, String reason) {
    if (!claim) {
      System.out.println("SKIPPED: " + what + ": " + reason);
    }
    Assumptions.assumeTrue(claim, reason);
  }

  static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        Files.write(to.resolve(each.getFileName()), Files.readAllBytes(each));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a program printed, standard error included, and how it ended. */
  record Result(int exitCode, String output) {}

  static Result run(
      List<String> command, Path directory, Duration timeout, Map<String, String> environment) {
    try {
      Path output = Files.createTempFile("kindstead-program", ".log");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
        }
        return new Result(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of this machine, run to their end. Thread-safe. */
public final class Commands {
  private static final Duration END_MAX = Duration.ofSeconds(60);

  /** Where administrators' programs are, whatever the path of who runs this. */
  private static final List<String> MORE_PLACES = List.of("/usr/sbin", "/sbin");

  private Commands() {}

  /** What a program printed, and how it ended. */
  public record Result(int exitCode, String output) {
    public boolean isFine() {
      return exitCode == 0;
    }
  }

  /** Where a program is installed, if it is. */
  public static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":", -1)), MORE_PLACES.stream())
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Throws with what it printed unless it ends with 0. */
  public static String run(String... command) {
    Result result = tryRun(command);
    if (!result.isFine()) {
      throw new Refused(
          "%s: exit code %d, %s"
              .formatted(String.join(" ", command), result.exitCode, result.output.strip()));
    }
    return result.output;
  }

  /** The first word is looked for as {@link #find} does. */
  public static Result tryRun(String... command) {
    Optional<Path> program =
        command[0].contains("/") ? Optional.of(Path.of(command[0])) : find(command[0]);
    if (program.isEmpty()) {
      return new Result(127, command[0] + " is not installed");
    }
    String[] found = command.clone();
    found[0] = program.get().toString();
    try {
      Path output = Files.createTempFile("kindstead-faults", ".out");
      try {
        Process process =
            new ProcessBuilder(found)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          return new Result(124, "still ran after " + END_MAX);
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
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

package dev.kindstead.acceptance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the launcher with arguments until it ends. */
final class CommandLine {
  private static final Duration END_MAX = Duration.ofSeconds(30);

  private CommandLine() {}

  static ClientProgram.Result run(String... arguments) {
    return run(Map.of(), arguments);
  }

  static ClientProgram.Result run(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(KindsteadProcess.launcher().toString());
    command.addAll(List.of(arguments));
    return ClientProgram.run(command, Path.of("."), END_MAX, environment);
  }
}

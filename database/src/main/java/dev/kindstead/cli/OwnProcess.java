package dev.kindstead.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds a process again by what was written down of it. Its number alone may be another one's by
 * now: the time of its start must be the same.
 */
final class OwnProcess {
  /** Two JVMs may read a process's start this far apart, as the clock is adjusted. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private OwnProcess() {}

  static String text(ProcessHandle process) {
    return process.pid() + " " + started(process) + "\n";
  }

  private static Instant started(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }

  /** The process, if it lives and is the one that was written down. */
  static Optional<ProcessHandle> find(String text) {
    String[] words = text.strip().split(" ", 2);
    try {
      long pid = Long.parseLong(words[0]);
      Instant expected = Instant.parse(words[words.length - 1]);
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process ->
              Duration.between(expected, started(process)).abs().compareTo(TOLERANCE) < 0);
    } catch (RuntimeException damaged) {
      return Optional.empty();
    }
  }

  /** Has the system send a signal, such as STOP, that Java has no call for. */
  static void signal(ProcessHandle process, String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (code != 0 && process.isAlive()) {
        throw new Refusal(
            ExitCode.UNEXPECTED, "kill -%s %d ended with %d".formatted(name, process.pid(), code));
      }
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.UNEXPECTED, "this system has no command \"kill\": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

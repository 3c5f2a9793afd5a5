package dev.kindstead.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One node of a development cluster: a process of its own, whose lines are shown with its name in
 * front. Confined to one thread; what it was given to run runs on others.
 */
final class DevNode {
  /** In the class path of this process. */
  private static final String MAIN = "dev.kindstead.server.Main";

  /** Three of them fit beside an editor and a browser. */
  private static final String HEAP = "-Xmx512m";

  /** The last line of a node's greeting. */
  private static final String READY = "Ready.";

  private final int number;
  private final List<String> arguments;
  private final PrintWriter out;
  private final Runnable ready;
  private final IntConsumer ended;
  private @Nullable Process process;

  /**
   * @param arguments of {@code kindstead start}
   * @param ready runs each time it has begun to listen
   * @param ended takes the exit code each time it has ended
   */
  DevNode(int number, List<String> arguments, PrintWriter out, Runnable ready, IntConsumer ended) {
    this.number = number;
    this.arguments = List.copyOf(arguments);
    this.out = out;
    this.ready = ready;
    this.ended = ended;
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Starts it; returns its process. */
  ProcessHandle start() {
    var builder = new ProcessBuilder(command()).redirectErrorStream(true);
    // All settings are given as arguments.
    builder.environment().keySet().removeIf(name -> name.startsWith("KINDSTEAD_"));
    try {
      Process started = builder.start();
      started.getOutputStream().close();
      process = started;
      Thread.ofPlatform().daemon().name("node-" + number).start(() -> show(started));
      return started.toHandle();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As this process was started itself: the same Java, options and class path. */
  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElseGet(() -> System.getProperty("java.home") + "/bin/java"));
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith("-agentlib:jdwp")) { // its port is taken
        command.add(option);
      }
    }
    command.add(HEAP);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "start"));
    command.addAll(arguments);
    return command;
  }

  private void show(Process shown) {
    try (BufferedReader lines = shown.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        say(line);
        if (line.equals(READY)) {
          ready.run();
        }
      }
      ended.accept(shown.waitFor());
    } catch (IOException e) {
      say("can't read what it says: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void say(String line) {
    out.println("[n" + number + "] " + line);
  }

  /** Asks it to stop in order, also while it is paused. */
  void stop() {
    Process stopping = process;
    if (stopping != null && stopping.isAlive()) {
      // By its handle: Process.destroy would also close the pipe of its last lines.
      stopping.toHandle().destroy();
      OwnProcess.signal(stopping.toHandle(), "CONT");
    }
  }

  /** Waits for its end, then kills it. */
  void awaitEnd(long seconds) {
    Process stopping = process;
    try {
      if (stopping != null && !stopping.waitFor(seconds, TimeUnit.SECONDS)) {
        say("does not stop: killed");
        stopping.toHandle().destroyForcibly();
        stopping.waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node of the product: its process, which is started by the launcher at the root of the
 * repository and may be ended in any way, and what it keeps through all its starts. Faults use it
 * from one thread; its address and its disk may be asked for by all.
 */
public final class Node {
  private static final long END_SECONDS_MAX = 60;

  /** Three of them share a machine with their clients, and start often. */
  private static final String JAVA_OPTIONS =
      "-Xms64m -Xmx300m -XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private final int number;
  private final Network network;
  private final Disk disk;
  private final @Nullable Shim shim;
  private final @Nullable ControlGroup memory;
  private final List<String> command;
  private final String moreJavaOptions;
  private final Path log;
  private @Nullable Process process;
  private boolean isEndExpected = true;

  Node(
      int number,
      Network network,
      Disk disk,
      @Nullable Shim shim,
      @Nullable ControlGroup memory,
      List<String> command,
      String moreJavaOptions,
      Path log) {
    this.number = number;
    this.network = network;
    this.disk = disk;
    this.shim = shim;
    this.memory = memory;
    this.command = List.copyOf(command);
    this.moreJavaOptions = moreJavaOptions;
    this.log = log;
  }

  public int number() {
    return number;
  }

  /** Of its API. */
  public URI uri() {
    return URI.create("http://" + hostAndPort());
  }

  String hostAndPort() {
    return network.host(number) + ":" + network.port(number);
  }

  /** Its disk, when that is a file system of its own. */
  public Optional<LoopDisk> loopDisk() {
    return disk instanceof LoopDisk own ? Optional.of(own) : Optional.empty();
  }

  /** Its data directory. */
  public Path data() {
    return disk.data();
  }

  /** Only where the machine has what it needs. */
  public Shim shim() {
    if (shim == null) {
      throw new IllegalStateException("runs without the shim");
    }
    return shim;
  }

  /** What its process is in from its first moment on; only where the machine has it. */
  public ControlGroup memoryGroup() {
    if (memory == null) {
      throw new IllegalStateException("runs without control groups");
    }
    return memory;
  }

  /** Starts its process, and waits for nothing. */
  public void launch() {
    if (isRunning()) {
      throw new IllegalStateException("node " + number + " runs");
    }
    List<String> whole = new ArrayList<>(network.prefix(number));
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder
        .environment()
        .putAll(
            Map.of(
                "KINDSTEAD_JAVA_OPTIONS",
                JAVA_OPTIONS + moreJavaOptions,
                "KINDSTEAD_NO_BUILD",
                "true"));
    if (shim != null) {
      builder.environment().putAll(shim.environment());
    }
    try {
      Files.writeString(log, "---- start\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      process = builder.start();
      network.started(number, process.pid());
      if (memory != null) {
        memory.add(process.pid());
      }
      isEndExpected = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process process() {
    if (process == null) {
      throw new IllegalStateException("node " + number + " was never started");
    }
    return process;
  }

  public long processId() {
    return process().pid();
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** From now on it may end by itself, or by the system: that is no fault of its own. */
  public void expectEnd() {
    isEndExpected = true;
  }

  /** How it ended although nobody wanted it to. */
  public Optional<String> unexpectedEnd() {
    return isEndExpected || isRunning()
        ? Optional.empty()
        : Optional.of(
            "node %d ended by itself with exit code %d".formatted(number, process().exitValue()));
  }

  /** SIGKILL; returns the exit code when it is gone. */
  public int kill() {
    isEndExpected = true;
    process().destroyForcibly();
    return awaitEnd();
  }

  /** SIGTERM, as an operator stops it; returns the exit code. */
  public int stop() {
    isEndExpected = true;
    process().destroy();
    return awaitEnd();
  }

  /** The exit code of an end that somebody else brings about. */
  public int awaitEnd() {
    try {
      if (!process().waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        process().destroyForcibly();
        throw new IllegalStateException(
            "node %d still ran %d s after its end was asked for"
                .formatted(number, END_SECONDS_MAX));
      }
      return process().exitValue();
    } catch (InterruptedException e) {
      process().destroyForcibly();
      throw new IllegalStateException(e);
    }
  }

  /** SIGSTOP, SIGCONT and others that the launcher's process does not get as a Process. */
  public void signal(String name) {
    Commands.run("kill", "-" + name, Long.toString(processId()));
  }

  /** The letter by which the system says what the process does: T when it is stopped. */
  public char state() {
    try {
      String stat = Files.readString(Path.of("/proc/" + processId() + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException gone) {
      return 'X';
    }
  }

  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever state it is in. */
  void close() {
    if (isRunning()) {
      kill();
    }
    if (shim != null) {
      shim.close();
    }
    if (memory != null) {
      memory.close();
    }
  }
}

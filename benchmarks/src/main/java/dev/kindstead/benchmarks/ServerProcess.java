package dev.kindstead.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A server under test: a process (with the processes it starts) that listens on loopback. */
final class ServerProcess implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofMinutes(2);

  /** The kernel's unit of processor time, fixed at this for user space on Linux. */
  private static final int MICROS_PER_TICK = 10_000;

  private static final Duration IDLE_WINDOW = Duration.ofSeconds(3);
  private static final Duration IDLE_WAIT_MAX = Duration.ofMinutes(10);

  /** Of one processor. */
  private static final double IDLE_SHARE = 0.1;

  private static final int KIBIBYTE = 1024;

  private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(10);

  /** How it is ended. */
  enum Ending {
    KILLED,
    /** By SIGINT, for a server that would leave shared memory behind; killed if it stays. */
    INTERRUPTED
  }

  private final String name;
  private final ProcessHandle process;
  private final int port;
  private final Path log;
  private final Ending ending;

  private ServerProcess(String name, ProcessHandle process, int port, Path log, Ending ending) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.log = log;
    this.ending = ending;
  }

  /** Starts {@code command} and waits until somebody accepts connections at the port. */
  static ServerProcess started(String name, int port, Path log, List<String> command) {
    ServerProcess server = launched(name, port, log, command, Ending.KILLED);
    server.awaitListening();
    return server;
  }

  /** Starts {@code command} and waits for nothing: some servers wait for each other. */
  static ServerProcess launched(
      String name, int port, Path log, List<String> command, Ending ending) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()))
              .start();
      ServerProcess server = new ServerProcess(name, process.toHandle(), port, log, ending);
      try {
        // An interrupted benchmark leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      } catch (IllegalStateException interruptedAlready) {
        server.close();
        throw interruptedAlready;
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until somebody accepts connections at the port. */
  void awaitListening() {
    long deadline = System.nanoTime() + READY_MAX.toNanos();
    try {
      while (!accepts()) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          close();
          throw new IllegalStateException(name + " did not start: see " + log);
        }
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The durable server of this repository, on a new data directory. */
  static ServerProcess kindstead(String name, Path directory, String... flags) {
    int port = Ports.free();
    List<String> command = new ArrayList<>();
    command.add(Repository.launcher().toString());
    command.addAll(List.of("start", "--listen", "localhost:" + port));
    command.addAll(List.of("--data-dir", directory.resolve(name + "-data").toString()));
    command.addAll(List.of(flags));
    return started(name, port, directory.resolve(name + ".log"), command);
  }

  /** The empty RPC, in a process of its own with this one's class path. */
  static ServerProcess empty(Path directory) {
    int port = Ports.free();
    return started(
        "empty RPC",
        port,
        directory.resolve("empty.log"),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            // As ./kindstead runs the server: without the second, Netty's buffers are far slower.
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.leakDetection.level=disabled",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseG1GC",
            "-Xms256m",
            "-XX:MaxRAMPercentage=40",
            "-cp",
            System.getProperty("java.class.path"),
            EmptyServer.class.getName(),
            Integer.toString(port)));
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * User and system time of all threads so far, also of the processes it started, and of those of
   * them that have ended.
   */
  long cpuMicros() {
    return all().mapToLong(ServerProcess::cpuMicros).sum();
  }

  private static long cpuMicros(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      // The name in parentheses may contain spaces; utime and stime are fields 14 and 15, those of
      // children that were waited for 16 and 17.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Stream.of(fields).skip(11).limit(4).mapToLong(Long::parseLong).sum() * MICROS_PER_TICK;
    } catch (IOException ended) {
      return 0;
    }
  }

  /** Waits until the server has done with what loading left it to do, compactions above all. */
  void awaitIdle() {
    long deadline = System.nanoTime() + IDLE_WAIT_MAX.toNanos();
    long before = cpuMicros();
    try {
      while (System.nanoTime() < deadline) {
        Thread.sleep(IDLE_WINDOW);
        long now = cpuMicros();
        if ((now - before) / 1000.0 < IDLE_SHARE * IDLE_WINDOW.toMillis()) {
          return;
        }
        before = now;
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    System.out.println("the server was still busy by itself when the measurement began");
  }

  long residentBytes() {
    return all().mapToLong(ServerProcess::residentBytes).sum();
  }

  private static long residentBytes(ProcessHandle process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }

  private Stream<ProcessHandle> all() {
    return Stream.concat(Stream.of(process), process.descendants());
  }

  @Override
  public void close() {
    if (ending == Ending.INTERRUPTED && process.isAlive()) {
      interrupt();
    }
    List<ProcessHandle> all = all().toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().join());
  }

  private void interrupt() {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      process.onExit().get(INTERRUPTED_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | IOException stays) {
      System.err.println(name + " does not end by SIGINT and is killed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

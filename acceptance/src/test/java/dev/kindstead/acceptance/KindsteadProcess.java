package dev.kindstead.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The product as its users run it: a process of its own, started by the launcher at the root of the
 * repository, on a free loopback port. What it prints is kept in {@code target/servers}.
 * Thread-safe.
 */
final class KindsteadProcess implements Endpoint, AutoCloseable {
  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Process process;
  private final int port;
  private final Path log;

  private KindsteadProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** The memory-mode server of developers. */
  static KindsteadProcess dev(String... flags) {
    int port = freePort();
    return on(port, "dev", "localhost:" + port, flags);
  }

  /** The durable server, ready to serve what {@code directory} holds. */
  static KindsteadProcess durable(Path directory, String... flags) {
    List<String> all = new ArrayList<>(List.of("--data-dir", directory.toString()));
    all.addAll(List.of(flags));
    int port = freePort();
    return on(port, "start", "localhost:" + port, all.toArray(String[]::new));
  }

  /** {@code listen} is any address that can be reached as localhost at {@code port}. */
  static KindsteadProcess on(int port, String profile, String listen, String... flags) {
    List<String> arguments = new ArrayList<>(List.of(profile, "--listen", listen));
    arguments.addAll(List.of(flags));
    KindsteadProcess server = launched(port, profile, Map.of(), arguments);
    try {
      server.awaitReady();
    } catch (RuntimeException failed) {
      server.process.destroyForcibly();
      throw failed;
    }
    return server;
  }

  /**
   * Starts the program and does not wait for anything.
   *
   * @param port where it will listen
   * @param name of its log
   */
  static KindsteadProcess launched(
      int port, String name, Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(launcher().toString());
    command.addAll(arguments);
    try {
      Path logs = Files.createDirectories(Path.of("target", "servers"));
      Path log = logs.resolve("%03d-%s.log".formatted(NUMBER.incrementAndGet(), name));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new KindsteadProcess(builder.start(), port, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path launcher() {
    return root().resolve("kindstead");
  }

  /** The repository. */
  static Path root() {
    return Path.of(System.getProperty("kindstead.root", "..")).toAbsolutePath().normalize();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + hostAndPort() + "/readyz"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "ended with " + process.exitValue() + " before it was ready:\n" + log());
        }
        try {
          if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // Nobody listens yet.
        }
        if (System.nanoTime() > deadlineNanos) {
          throw new IllegalStateException("not ready after " + READY_MAX + ":\n" + log());
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGSTOP: it stands still until {@link #resume}, and does not know. */
  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    List<String> command = List.of("kill", "-" + name, String.valueOf(process.pid()));
    ClientProgram.Result result = ClientProgram.run(command, Path.of("."), STOP_MAX, Map.of());
    if (result.exitCode() != 0) {
      throw new IllegalStateException(result.toString());
    }
  }

  /** The files and libraries that it has in its memory; Linux only. */
  String memoryMaps() throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(process.pid()), "maps"));
  }

  /** Waits for an end that comes by itself. Returns the exit code. */
  int exitCode() {
    awaitEnd();
    return process.exitValue();
  }

  /** Everything it printed so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL: the process gets no chance to say or write anything more. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM, as an operator stops it. Returns the exit code. */
  int stop() {
    process.destroy();
    return exitCode();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("still runs " + STOP_MAX + " after its end was asked");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}

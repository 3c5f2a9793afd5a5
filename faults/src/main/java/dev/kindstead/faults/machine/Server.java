package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
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

/** One node alone, as users start it, that may be held to a part of a processor. */
public final class Server implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofMinutes(1);
  private static final int PERIOD_MICROS = 100_000;
  private static final int OK = 200;

  /** Of the system, in {@code /proc}. */
  private static final int TICKS_PER_SECOND = 100;

  private final int port = free();
  private final Process process;
  private final ControlGroup group;

  /**
   * Starts it, and waits until it is ready.
   *
   * @param flags of {@code kindstead start}, more than where it listens and keeps its data
   */
  public Server(Path root, Path directory, String... flags) {
    List<String> command =
        new ArrayList<>(
            List.of(
                root.resolve("kindstead").toString(),
                "start",
                "--listen=localhost:" + port,
                "--node-listen=localhost:" + free(),
                "--data-dir=" + Machine.directory(directory).resolve("data")));
    command.addAll(List.of(flags));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(directory.resolve("server.log").toFile()));
    builder.environment().putAll(Map.of("KINDSTEAD_NO_BUILD", "true"));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    group = ControlGroup.forProcess("cpu", process.pid());
    if (!Pause.until(READY_MAX, this::isReady)) {
      close();
      throw new Refused("the server is not ready after " + READY_MAX);
    }
  }

  private static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(uri().resolve("/readyz")).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public URI uri() {
    return URI.create("http://localhost:" + port);
  }

  /** From now on it gets no more of one processor than this. */
  public void hold(double processors) {
    group.set("cpu.cfs_period_us", PERIOD_MICROS);
    group.set("cpu.cfs_quota_us", (long) (processors * PERIOD_MICROS));
    group.add(process.pid());
  }

  /** Processor time that it has used since its start. */
  public Duration used() {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      return Duration.ofMillis(ticks * 1_000 / TICKS_PER_SECOND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(READY_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    group.close();
  }
}

package dev.kindstead.benchmarks;

import dev.kindstead.benchmarks.ServerProcess.Ending;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A durable cluster of three nodes of this repository, each a process of its own, numbered from
 * zero. A node keeps its ports and its directory through all its starts. Confined to one thread.
 */
final class KindsteadNodes implements AutoCloseable {
  static final String NAME = "kindstead, three nodes";
  static final int COUNT = 3;

  /** What a node has by default; said again, since the client works out shards by it. */
  static final int SHARDS = 4;

  /** The first start may build the server. */
  private static final Duration READY_MAX = Duration.ofMinutes(4);

  private static final Duration PAGE_MAX = Duration.ofSeconds(3);
  private static final long POLL_MILLIS = 20;
  private static final int OK = 200;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PAGE_MAX).build();
  private final Path directory;
  private final List<Integer> ports = keptPorts();
  private final List<Integer> nodePorts = keptPorts();
  private final List<ServerProcess> processes = new ArrayList<>();

  private KindsteadNodes(Path directory) {
    this.directory = directory;
  }

  private static List<Integer> keptPorts() {
    return IntStream.generate(Ports::kept).distinct().limit(COUNT).boxed().toList();
  }

  /** All nodes serve, or forward to the one that does, and have what was committed. */
  static KindsteadNodes started(Path directory) {
    var nodes = new KindsteadNodes(directory);
    try {
      IntStream.range(0, COUNT).forEach(number -> nodes.processes.add(nodes.launched(number)));
      IntStream.range(0, COUNT).forEach(nodes::awaitReady);
      return nodes;
    } catch (RuntimeException failed) {
      nodes.close();
      throw failed;
    }
  }

  private ServerProcess launched(int number) {
    String name = "node-" + number;
    return ServerProcess.launched(
        name,
        ports.get(number),
        directory.resolve(name + ".log"),
        List.of(
            Repository.launcher().toString(),
            "start",
            "--listen",
            "localhost:" + ports.get(number),
            "--node-listen",
            "localhost:" + nodePorts.get(number),
            "--join",
            String.join(",", nodePorts.stream().map(port -> "localhost:" + port).toList()),
            "--data-dir",
            directory.resolve(name).toString(),
            "--shards",
            Integer.toString(SHARDS)),
        Ending.KILLED);
  }

  List<ServerProcess> processes() {
    return List.copyOf(processes);
  }

  int port(int number) {
    return ports.get(number);
  }

  List<Integer> ports(Through through) {
    int serving = serving();
    return switch (through) {
      case ALL -> ports;
      case SERVING -> List.of(ports.get(serving));
      case OTHERS ->
          IntStream.range(0, COUNT)
              .filter(number -> number != serving)
              .mapToObj(ports::get)
              .toList();
    };
  }

  /** The number of the node that serves, when there is one. */
  int serving() {
    OptionalInt[] found = {OptionalInt.empty()};
    await(
        "a node to serve",
        () -> {
          found[0] =
              IntStream.range(0, COUNT)
                  .filter(number -> page(number, "/metrics").contains("\nkindstead_serving 1.0\n"))
                  .findFirst();
          return found[0].isPresent();
        });
    return found[0].getAsInt();
  }

  /** What each node that answers says of the cluster, as JSON. */
  String description() {
    return IntStream.range(0, COUNT)
        .mapToObj(number -> "node " + number + ": " + page(number, "/cluster"))
        .collect(Collectors.joining("\n"));
  }

  /** SIGKILL; returns when the process is gone. */
  void kill(int number) {
    processes.get(number).close();
  }

  /** Starts a killed node again, and waits until it has all that was committed. */
  void restart(int number) {
    processes.set(number, launched(number));
    awaitReady(number);
  }

  private void awaitReady(int number) {
    await(
        "node " + number + " to be ready, see " + directory,
        () -> !page(number, "/readyz").isEmpty());
  }

  /** Empty unless the node answers, and with 200. */
  private String page(int number, String path) {
    if (!processes.get(number).isAlive()) {
      return "";
    }
    URI uri = URI.create("http://localhost:" + ports.get(number) + path);
    try {
      HttpResponse<String> page =
          http.send(HttpRequest.newBuilder(uri).timeout(PAGE_MAX).build(), BodyHandlers.ofString());
      return page.statusCode() == OK ? page.body() : "";
    } catch (IOException noAnswer) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void await(String what, BooleanSupplier holds) {
    long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadlineNanos
          || processes.stream().noneMatch(ServerProcess::isAlive)) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      Pause.ofMillis(POLL_MILLIS);
    }
  }

  @Override
  public void close() {
    processes.forEach(ServerProcess::close);
    http.shutdownNow();
  }
}

package dev.kindstead.acceptance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A cluster of three processes on loopback, each ready; restarted one at a time. */
final class ThreeNodes implements AutoCloseable {
  private static final int COUNT = 3;

  private final Path directory;
  private final List<Integer> ports = freePorts();
  private final List<Integer> nodePorts = freePorts();
  private final List<KindsteadProcess> running = new ArrayList<>();

  ThreeNodes(Path directory) throws Exception {
    this.directory = directory;
    try (var starting = Executors.newVirtualThreadPerTaskExecutor()) {
      // None is ready before it has met the others.
      List<Future<KindsteadProcess>> all =
          IntStream.range(0, COUNT).mapToObj(i -> starting.submit(() -> start(i))).toList();
      for (Future<KindsteadProcess> each : all) {
        running.add(each.get());
      }
    }
  }

  private static List<Integer> freePorts() {
    return Stream.generate(KindsteadProcess::freePort).distinct().limit(COUNT).toList();
  }

  private KindsteadProcess start(int node) {
    String others = String.join(",", nodePorts.stream().map(port -> "localhost:" + port).toList());
    return KindsteadProcess.on(
        ports.get(node),
        "start",
        "localhost:" + ports.get(node),
        "--data-dir",
        directory.resolve("node-" + node).toString(),
        "--join",
        others,
        "--node-listen",
        "localhost:" + nodePorts.get(node));
  }

  List<KindsteadProcess> nodes() {
    return List.copyOf(running);
  }

  /** SIGTERM, and a new process on the same directory and ports, until it is ready. */
  void restart(int node) {
    long begun = System.nanoTime();
    running.get(node).stop();
    long stopped = System.nanoTime();
    running.set(node, start(node));
    System.out.printf(
        "node %d stopped in %.1f s, ready again after %.1f s%n",
        node, (stopped - begun) / 1e9, (System.nanoTime() - stopped) / 1e9);
  }

  @Override
  public void close() {
    running.forEach(KindsteadProcess::close);
  }
}

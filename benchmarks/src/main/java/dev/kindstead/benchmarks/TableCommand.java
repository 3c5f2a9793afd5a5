package dev.kindstead.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Every operation on every server, as a table. */
@Command(name = "table", description = "Throughput, latency and server CPU of every operation.")
final class TableCommand implements Runnable {
  private static final Duration QUICK = Duration.ofSeconds(3);
  private static final double OPEN_LOOP_SHARE = 0.5;

  @Option(names = "--quick", description = "3 s instead of 10 s a figure, 64 clients only.")
  private boolean quick;

  @Option(names = "--seconds", description = "Length of one figure.", defaultValue = "10")
  private int seconds;

  @Option(
      names = "--warmup-seconds",
      description = "Before the first figure of an operation.",
      defaultValue = "20")
  private int warmupSeconds;

  @Option(names = "--clients", split = ",", defaultValue = "64,16,1")
  private List<Integer> clients = List.of();

  @Option(names = "--only", split = ",", description = "Operations, such as lookup,upsert.")
  private List<String> only = List.of();

  @Option(
      names = "--servers",
      split = ",",
      description = "Of ${DEFAULT-VALUE}.",
      defaultValue = "empty,kindstead,one-shard,emulators")
  private List<String> servers = List.of();

  private final Dataset data = new Dataset("benchmarks", 100_000, 20_000);
  private final Workloads workloads = new Workloads(data);

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    Map<String, Workload> wanted = workloads.all();
    if (!only.isEmpty()) {
      wanted.keySet().retainAll(only);
    }
    System.out.println(Measurement.header());
    if (servers.contains("empty")) {
      try (ServerProcess server = ServerProcess.empty(scratch)) {
        measure(server, Map.of("empty RPC", workloads::lookup));
      }
    }
    if (servers.contains("kindstead")) {
      preloadAndMeasure(ServerProcess.kindstead("kindstead", scratch), wanted);
    }
    if (servers.contains("one-shard") && wanted.containsKey("query")) {
      preloadAndMeasure(
          ServerProcess.kindstead("kindstead-one-shard", scratch, "--shards", "1"),
          Map.of("query", workloads::query));
    }
    if (servers.contains("emulators")) {
      for (Emulator each : Emulator.values()) {
        each.start(scratch).ifPresent(server -> preloadAndMeasure(server, wanted));
      }
    }
    Repository.delete(scratch);
  }

  private void preloadAndMeasure(ServerProcess started, Map<String, Workload> wanted) {
    try (ServerProcess server = started) {
      preload(server);
      measure(server, wanted);
    }
  }

  private void preload(ServerProcess server) {
    try (Load load = new Load(server)) {
      Preload.run(load, data);
    }
  }

  private void measure(ServerProcess server, Map<String, Workload> wanted) {
    Duration each = quick ? QUICK : Duration.ofSeconds(seconds);
    Duration warmup = quick ? QUICK : Duration.ofSeconds(warmupSeconds);
    List<Integer> counts = quick ? List.of(64) : clients;
    try (Load load = new Load(server)) {
      wanted.forEach((name, workload) -> {
        load.closed(workload, 64, warmup);
        double best = 0;
        for (int count : counts) {
          Measurement closed = load.closed(workload, count, each);
          best = Math.max(best, closed.throughput());
          System.out.println(
              closed.row(server.name(), name, count + (count == 1 ? " client" : " clients")));
        }
        double rate = Math.max(1, best * OPEN_LOOP_SHARE);
        Measurement open = load.open(workload, rate, each);
        System.out.println(open.row(server.name(), name, "open, %,.0f/s".formatted(rate)));
      });
    }
  }
}

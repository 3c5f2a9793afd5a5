package dev.kindstead.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether a lookup among ten million entities costs what one among twenty thousand costs. */
@Command(name = "scale", description = "Cost of a lookup in a small and in a large database.")
final class ScaleCommand implements Runnable {
  private static final int CLIENTS = 64;
  private static final int FEW = 20_000;

  @Option(names = "--entities", defaultValue = "10000000")
  private int entities;

  @Option(names = "--seconds", defaultValue = "30")
  private int seconds;

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    try (ServerProcess server = ServerProcess.kindstead("kindstead", scratch);
        Load load = new Load(server)) {
      double few = measure(server, load, FEW);
      double many = measure(server, load, entities);
      System.out.printf(Locale.ROOT, "A lookup costs %.2f times as much.%n", many / few);
    }
    Repository.delete(scratch);
  }

  /** Server CPU microseconds of one lookup. */
  private double measure(ServerProcess server, Load load, int count) {
    Dataset data = new Dataset("scale", count, count);
    Preload.run(load, data);
    server.awaitIdle();
    Workload lookup = new Workloads(data)::lookup;
    load.closed(lookup, CLIENTS, Duration.ofSeconds(seconds));
    Measurement measured = load.closed(lookup, CLIENTS, Duration.ofSeconds(seconds));
    System.out.println(Measurement.header());
    System.out.println(measured.row(server.name(), "lookup", "%,d entities".formatted(count)));
    return measured.serverCpuMicrosEach();
  }
}

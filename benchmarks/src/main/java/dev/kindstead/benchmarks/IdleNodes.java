package dev.kindstead.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The processor time that nodes use when nobody asks anything of them. */
final class IdleNodes {
  private static final double PERCENT_MAX = 3;

  private IdleNodes() {}

  /** Waits until the nodes have done what is left to do, then watches them. Returns a table. */
  static String watched(KindsteadNodes nodes, int seconds) {
    int serving = nodes.serving();
    List<ServerProcess> processes = nodes.processes();
    processes.forEach(ServerProcess::awaitIdle);
    System.err.printf("%s: idle for %d s%n", KindsteadNodes.NAME, seconds);
    List<Long> before = processes.stream().map(ServerProcess::cpuMicros).toList();
    long begunNanos = System.nanoTime();
    Pause.ofMillis(seconds * 1000L);
    double micros = (System.nanoTime() - begunNanos) / 1000.0;
    return IntStream.range(0, processes.size())
        .mapToObj(i -> {
          double percent = 100 * (processes.get(i).cpuMicros() - before.get(i)) / micros;
          return String.format(
              Locale.ROOT,
              "| %s | %.1f %% of a core | %.0f %%: %s |",
              processes.get(i).name() + (i == serving ? ", serves" : ""),
              percent,
              PERCENT_MAX,
              percent <= PERCENT_MAX ? "met" : "missed");
        })
        .collect(
            Collectors.joining(
                "\n",
                "\n| idle for %d s, with the data of above | CPU | target |%n| --- | ---: | --- |%n"
                    .formatted(seconds),
                ""));
  }
}

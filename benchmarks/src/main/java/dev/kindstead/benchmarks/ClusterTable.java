package dev.kindstead.benchmarks;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows of a cluster's figures, each of a closed loop. All operations of a server are warmed up
 * before the first one is measured: three virtual machines take long to compile on few processors,
 * and the operations share most of their code.
 */
final class ClusterTable {
  /** Between two operations, so that nothing is left of the one before. */
  private static final Duration SETTLING_MAX = Duration.ofSeconds(5);

  private final Duration warmup;
  private final Duration each;

  /** Clients that each wait for their answer, for so long. */
  interface ClosedLoop {
    Measurement run(Duration length);
  }

  ClusterTable(int clients, Duration warmup, Duration each) {
    this.warmup = warmup;
    this.each = each;
    System.out.println(
        """
        | servers | operation, %d clients | operations/s | p50 ms | p99 ms | CPU µs/operation, all servers | by server process, most first | client's CPU µs/operation | conflicts | failures | target |
        | --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | --- |\
        """
            .formatted(clients));
  }

  void warmUp(String name, String operation, ClosedLoop loop) {
    System.err.printf("%s: %s, warming up%n", name, operation);
    loop.run(warmup);
  }

  /**
   * @param target what the row is held against
   */
  void row(
      String name, List<ServerProcess> servers, String operation, Target target, ClosedLoop loop) {
    row(name, servers, operation, loop, target::verdict);
  }

  /** A row of something to compare with. */
  void row(String name, List<ServerProcess> servers, String operation, ClosedLoop loop) {
    row(name, servers, operation, loop, _ -> "");
  }

  /** What a measurement is worth. */
  private interface Verdict {
    String of(Measurement measured);
  }

  private void row(
      String name,
      List<ServerProcess> servers,
      String operation,
      ClosedLoop loop,
      Verdict verdict) {
    System.err.printf("%s: %s, measuring%n", name, operation);
    loop.run(warmup.compareTo(SETTLING_MAX) < 0 ? warmup : SETTLING_MAX);
    List<Long> before = servers.stream().map(ServerProcess::cpuMicros).toList();
    long clientBefore = clientCpuMicros();
    Measurement measured = loop.run(each);
    double done = Math.max(1, measured.done());
    String byProcess =
        IntStream.range(0, servers.size())
            .mapToObj(i -> (servers.get(i).cpuMicros() - before.get(i)) / done)
            .sorted(Comparator.reverseOrder())
            .map("%.0f"::formatted)
            .collect(Collectors.joining(" + "));
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %,.0f | %.2f | %.2f | %.1f | %s | %.1f | %d | %d | %s |%n",
        name,
        operation,
        measured.throughput(),
        measured.latency().getValueAtPercentile(50) / 1000.0,
        measured.latency().getValueAtPercentile(99) / 1000.0,
        measured.serverCpuMicrosEach(),
        byProcess,
        (clientCpuMicros() - clientBefore) / done,
        measured.conflicts(),
        measured.failures(),
        verdict.of(measured));
  }

  private static long clientCpuMicros() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1000;
  }
}

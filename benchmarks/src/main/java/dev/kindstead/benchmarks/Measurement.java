package dev.kindstead.benchmarks;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a run of one workload gave. Latencies are in microseconds, of operations that were done.
 *
 * @param serverCpuMicros processor time of the server, user and system, all its threads
 */
record Measurement(
    Histogram latency, long conflicts, long failures, double seconds, double serverCpuMicros) {
  long done() {
    return latency.getTotalCount();
  }

  double throughput() {
    return done() / seconds;
  }

  double serverCpuMicrosEach() {
    return done() == 0 ? Double.NaN : serverCpuMicros / done();
  }

  static String header() {
    return """
    | server | operation | load | operations/s | p50 ms | p99 ms | server CPU µs/operation | conflicts | failures |
    | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\
    """;
  }

  String row(String server, String workload, String load) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %,.0f | %.2f | %.2f | %.1f | %d | %d |",
        server,
        workload,
        load,
        throughput(),
        latency.getValueAtPercentile(50) / 1000.0,
        latency.getValueAtPercentile(99) / 1000.0,
        serverCpuMicrosEach(),
        conflicts,
        failures);
  }
}

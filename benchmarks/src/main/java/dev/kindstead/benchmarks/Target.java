package dev.kindstead.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an operation shall reach.
 *
 * @param cpuMicrosMax of all servers, for each operation; infinite when there is none
 * @param goal what is aimed at beyond it; empty when there is nothing
 */
record Target(double perSecondMin, double cpuMicrosMax, String goal) {
  static Target perSecond(int min, String goal) {
    return new Target(min, Double.POSITIVE_INFINITY, goal);
  }

  /** The target, and by how much it was missed, as a table's cell. */
  String verdict(Measurement measured) {
    List<String> missed = new ArrayList<>();
    if (measured.throughput() < perSecondMin) {
      missed.add("%.0f %% too slow".formatted(100 * (1 - measured.throughput() / perSecondMin)));
    }
    if (!(measured.serverCpuMicrosEach() <= cpuMicrosMax)) {
      missed.add(
          "%.0f %% too much CPU"
              .formatted(100 * (measured.serverCpuMicrosEach() / cpuMicrosMax - 1)));
    }
    return String.format(Locale.ROOT, "%,.0f/s", perSecondMin)
        + (Double.isInfinite(cpuMicrosMax) ? "" : " at %.0f µs".formatted(cpuMicrosMax))
        + (goal.isEmpty() ? "" : " (goal " + goal + ")")
        + ": "
        + (missed.isEmpty() ? "met" : "missed, " + String.join(", ", missed));
  }
}

package dev.kindstead.simulation;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells of runs; of the first few that failed also how each can be seen again, and made smaller.
 * Confined to one thread.
 */
final class FailureReport {
  /** Failures of which smaller ones are looked for: that takes dozens of runs each. */
  static final int SHRUNK_MAX = 3;

  private static final int ANOMALIES_MAX = 10;

  /** Lines of the table of events that are printed; the last ones, for there it failed. */
  private static final int EVENTS_MAX = 120;

  private final PrintWriter out;
  private int toShrink;

  /**
   * @param shrunkMax of so many failures at most smaller ones are looked for
   */
  FailureReport(PrintWriter out, int shrunkMax) {
    this.out = out;
    toShrink = shrunkMax;
  }

  /** What only said too little to be valid would say even less if it were smaller. */
  void tell(WorldVerdict verdict) {
    print(verdict);
    if (!verdict.anomalies().isEmpty() && toShrink > 0) {
      toShrink--;
      printShrunk(verdict);
    }
    out.flush();
  }

  private void print(WorldVerdict verdict) {
    out.printf(
        "seed %d: %s, %d committed (%d of them writes), %d aborted, %d unknown, trace %016x%n  %s%n"
            + "  probes %s%n",
        verdict.options().seed(),
        verdict.passed()
            ? "passed"
            : verdict.isValid() ? "FAILED" : "INVALID (" + verdict.whyInvalid() + ")",
        verdict.committed(),
        verdict.written(),
        verdict.aborted(),
        verdict.unknown(),
        verdict.traceHash(),
        verdict.options(),
        verdict.probes());
    verdict.anomalies().stream()
        .limit(ANOMALIES_MAX)
        .forEach(anomaly -> out.println("  " + anomaly));
    out.flush();
  }

  /** Finds a smaller run that fails, and prints what happens in it. */
  private void printShrunk(WorldVerdict failed) {
    WorldVerdict small = Shrinking.of(failed);
    List<String> events = new ArrayList<>();
    WorldVerdict again = new World(small.options()).chronicle(events::add).run();
    out.println("  the smallest run found that fails too: " + command(small.options()));
    again.anomalies().stream().limit(1).forEach(anomaly -> out.println("  there: " + anomaly));
    int left = Math.max(0, events.size() - EVENTS_MAX);
    out.println(
        "  seconds, what befell it" + (left == 0 ? "" : " (without the first " + left + ")"));
    events.subList(left, events.size()).forEach(event -> out.println("  | " + event));
  }

  /** By which it can be run again, but for a planted fault, which only tests have. */
  static String command(WorldOptions options) {
    String plant = options.plant() == Plant.NOTHING ? "" : " (planted: " + options.plant() + ")";
    return WorldArguments.giving(options.withPlant(Plant.NOTHING))
        .map(given -> "simulation/run " + given + " --no-shrink --chronicle" + plant)
        .orElse("no command line has these options: " + options);
  }
}

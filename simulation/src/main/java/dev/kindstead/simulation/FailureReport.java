package dev.kindstead.simulation;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells of a run, and of one that failed how it can be seen again, and made smaller. */
final class FailureReport {
  private static final int ANOMALIES_MAX = 10;

  /** Lines of the table of events that are printed; the last ones, for there it failed. */
  private static final int EVENTS_MAX = 120;

  private FailureReport() {}

  static void print(WorldVerdict verdict, PrintWriter out) {
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
  static void printShrunk(WorldVerdict failed, PrintWriter out) {
    WorldVerdict small = Shrinking.of(failed);
    List<String> events = new ArrayList<>();
    WorldVerdict again = new World(small.options()).chronicle(events::add).run();
    out.println("  the smallest run found that fails too: " + command(failed, small.options()));
    again.anomalies().stream().limit(1).forEach(anomaly -> out.println("  there: " + anomaly));
    int left = Math.max(0, events.size() - EVENTS_MAX);
    out.println(
        "  seconds, what befell it" + (left == 0 ? "" : " (without the first " + left + ")"));
    events.subList(left, events.size()).forEach(event -> out.println("  | " + event));
    out.flush();
  }

  /** By which it can be run again, of a seed that was run without options of its own. */
  private static String command(WorldVerdict failed, WorldOptions small) {
    WorldOptions drawn = failed.options();
    var text = new StringBuilder("simulation/run --seed " + small.seed());
    text.append(drawn.life().pace().hasLulls() ? " --lives long" : " --lives short");
    if (!small.faults().equals(drawn.faults())) {
      text.append(" --faults '").append(String.join(",", sorted(small.faults()))).append('\'');
    }
    if (small.crowd().clients() != drawn.crowd().clients()) {
      text.append(" --clients ").append(small.crowd().clients());
    }
    if (small.crowd().readers() != drawn.crowd().readers()) {
      text.append(" --readers ").append(small.crowd().readers());
    }
    if (!small.life().duration().equals(drawn.life().duration())) {
      double seconds = small.life().duration().toMillis() / 1e3;
      text.append(" --lasting ").append(String.format(Locale.ROOT, "%.3f", seconds));
    }
    return text.append(" --chronicle").toString();
  }

  private static List<String> sorted(Set<String> kinds) {
    return kinds.stream().sorted().toList();
  }
}

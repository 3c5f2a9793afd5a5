package dev.kindstead.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the trials of a fail-over gave. Confined to one thread. */
final class FailoverReport {
  private static final double MEDIAN_SECONDS_MAX = 1.3;
  private static final double SECONDS_MAX = 3;

  private final List<Long> any = new ArrayList<>();
  private final List<Long> others = new ArrayList<>();
  private final List<Long> victims = new ArrayList<>();
  private final List<Long> returns = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>();

  /**
   * @param anyNanos without an acknowledgement to anybody
   * @param othersNanos the same for the slowest writer through the nodes that stayed
   * @param victimsNanos the same for the slowest of those that had to find another node
   */
  void addOutage(long anyNanos, long othersNanos, long victimsNanos) {
    any.add(anyNanos);
    others.add(othersNanos);
    victims.add(victimsNanos);
  }

  /**
   * @param gapNanos without an acknowledgement to anybody while the node came back
   * @param startNanos from its start until it had all that was committed
   */
  void addReturn(long gapNanos, long startNanos) {
    returns.add(gapNanos);
    starts.add(startNanos);
  }

  void print() {
    System.out.printf(
        """

        | the serving node killed, %d times | median s | p90 s | max s | target |
        | --- | ---: | ---: | ---: | --- |
        """,
        any.size());
    row("no write acknowledged to anybody", any, true);
    row("none to the slowest writer through the nodes that stayed", others, true);
    row("none to the slowest writer through the killed node, going on to another", victims, true);
    row("none to anybody while the node came back", returns, false);
    row("from the node's start until it was ready and caught up", starts, false);
  }

  private static void row(String title, List<Long> nanos, boolean hasTarget) {
    double median = percentile(nanos, 0.5);
    double max = percentile(nanos, 1);
    boolean isMet = median <= MEDIAN_SECONDS_MAX && max <= SECONDS_MAX;
    String target =
        "median %.1f (goal 1.0), max %.0f: %s"
            .formatted(MEDIAN_SECONDS_MAX, SECONDS_MAX, isMet ? "met" : "missed");
    System.out.printf(
        Locale.ROOT,
        "| %s | %.3f | %.3f | %.3f | %s |%n",
        title,
        median,
        percentile(nanos, 0.9),
        max,
        hasTarget ? target : "");
  }

  /** In seconds; the smallest that at least this share does not exceed. */
  static double percentile(List<Long> nanos, double share) {
    List<Long> sorted = nanos.stream().sorted().toList();
    int index = (int) Math.ceil(share * sorted.size()) - 1;
    return sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(0, index)) / 1e9;
  }
}

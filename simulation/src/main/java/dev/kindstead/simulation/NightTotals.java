package dev.kindstead.simulation;

import dev.kindstead.telemetry.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sum of several segments, by the JSON that each has left. Confined to one thread. */
final class NightTotals {
  /**
   * Of all seeds, may say too little to be valid: they are not counted, and as few as that are no
   * reason to take the others for nothing.
   */
  private static final double INVALID_SHARE_MAX = 0.005;

  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Integer> probes = new TreeMap<>();
  private final Set<String> commits = new LinkedHashSet<>();
  private final List<Object> failures = new ArrayList<>();
  private long segments;
  private long seeds;
  private long longLives;
  private long failed;
  private long invalid;
  private long committed;
  private long written;
  private long aborted;
  private long unknown;
  private double hours;
  private double tookSeconds;

  /** As {@link Totals#json} writes it, and {@code Json} reads it. */
  void add(Map<String, Object> segment) {
    segments++;
    commits.add(String.valueOf(segment.get("commit")));
    seeds += (long) number(segment.get("seeds"));
    longLives += (long) number(segment.get("longLives"));
    failed += (long) number(segment.get("failed"));
    invalid += (long) number(segment.get("invalid"));
    committed += (long) number(segment.get("committed"));
    written += (long) number(segment.get("written"));
    aborted += (long) number(segment.get("aborted"));
    unknown += (long) number(segment.get("unknown"));
    hours += number(segment.get("hours"));
    tookSeconds += number(segment.get("tookSeconds"));
    addTo(faults, segment.get("faults"));
    addTo(probes, segment.get("probes"));
    if (segment.get("failures") instanceof List<?> some) {
      failures.addAll(some);
    }
  }

  private static void addTo(Map<String, Integer> sums, @Nullable Object counts) {
    if (counts instanceof Map<?, ?> some) {
      some.forEach(
          (name, count) -> sums.merge(String.valueOf(name), (int) number(count), Integer::sum));
    }
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number some ? some.doubleValue() : 0;
  }

  long validSeeds() {
    return seeds - invalid;
  }

  double hours() {
    return hours;
  }

  /** Whether a night needs more segments; one with too many seeds that say nothing is over. */
  boolean isShortOf(long leastSeeds, double leastHours) {
    return (validSeeds() < leastSeeds || hours < leastHours)
        && invalid <= Math.max(seeds, leastSeeds) * INVALID_SHARE_MAX;
  }

  /** Why the sum says nothing; empty when it does. */
  List<String> whyInvalid() {
    List<String> why = new ArrayList<>();
    if (commits.size() > 1) {
      why.add(
          "segments ran at the commits %s, which are not added up: choose another --directory"
              .formatted(commits));
    }
    if (invalid > seeds * INVALID_SHARE_MAX) {
      why.add("%d of %d seeds said too little to be valid".formatted(invalid, seeds));
    }
    Probes.missing(validSeeds(), longLives, probes)
        .forEach(each -> why.add("never happened: " + each));
    return why;
  }

  boolean passed() {
    return failed == 0 && whyInvalid().isEmpty();
  }

  @Override
  public String toString() {
    return "%d segments at %s: %,d seeds (%,d of long lives), %,.1f simulated hours, %,d commits, %d failed, %d invalid, in %,.0f min"
        .formatted(
            segments,
            String.join(", ", commits),
            seeds,
            longLives,
            hours,
            committed,
            failed,
            invalid,
            tookSeconds / 60);
  }

  /** For programs. */
  String json() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("commits", List.copyOf(commits));
    tree.put("passed", passed());
    tree.put("whyInvalid", whyInvalid());
    tree.put("segments", segments);
    tree.put("seeds", seeds);
    tree.put("longLives", longLives);
    tree.put("hours", hours);
    tree.put("committed", committed);
    tree.put("written", written);
    tree.put("aborted", aborted);
    tree.put("unknown", unknown);
    tree.put("tookSeconds", tookSeconds);
    tree.put("faults", faults);
    tree.put("probes", probes);
    tree.put("failed", failed);
    tree.put("invalid", invalid);
    tree.put("failures", failures);
    return Json.write(tree);
  }

  /** What befell the clusters, and what was met, how often. */
  String counts() {
    return "faults %s%nprobes %s".formatted(faults, probes);
  }
}

package dev.kindstead.faults;

import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.telemetry.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What happened in a run, and the verdict of each kind of fault. Confined to one thread. */
final class Report {
  /** Of one kind. */
  private static final class Tally {
    int happened;
    int inPairs;
    int withoutEffect;
    int failed;
    long silenceMillisMax;
  }

  /** How a run stands. */
  enum Verdict {
    PASSED,
    FAILED,
    /** Too little was acknowledged, or too few faults happened, to judge. */
    INVALID
  }

  /**
   * A fault that was begun.
   *
   * @param effect empty for one that does not count
   * @param silenceMillis how long nothing was acknowledged, until all nodes were ready again
   */
  record Happened(FaultKind kind, boolean isPair, String effect, long silenceMillis) {}

  private final long seed;
  private final String commit;
  private final Set<FaultKind> possible;
  private final Map<FaultKind, String> missing;
  private final Map<FaultKind, Tally> tallies = new EnumMap<>(FaultKind.class);
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<String> anomalies = new ArrayList<>();
  private final List<String> invalid = new ArrayList<>();
  private int rounds;
  private long silenceMillisMax;
  private Duration took = Duration.ZERO;

  /**
   * @param kinds that shall and can happen
   * @param commit of what is run, see {@link Commit}
   * @param missing kinds that cannot happen here, and why not
   */
  Report(long seed, String commit, List<FaultKind> kinds, Map<FaultKind, String> missing) {
    this.seed = seed;
    this.commit = commit;
    possible = Set.copyOf(kinds);
    this.missing = new EnumMap<>(FaultKind.class);
    this.missing.putAll(missing);
    kinds.forEach(kind -> tallies.put(kind, new Tally()));
  }

  /** One round, with all that was wrong in it. */
  void round(List<Happened> faults, Map<String, Long> roundCounts, List<String> roundAnomalies) {
    rounds++;
    for (Happened each : faults) {
      Tally tally = tallies.computeIfAbsent(each.kind, _ -> new Tally());
      if (each.effect.isEmpty()) {
        tally.withoutEffect++;
      } else {
        tally.happened++;
        tally.inPairs += each.isPair ? 1 : 0;
        tally.failed += roundAnomalies.isEmpty() ? 0 : 1;
        // In a pair it may be the other one's.
        tally.silenceMillisMax =
            Math.max(tally.silenceMillisMax, each.isPair ? 0 : each.silenceMillis);
      }
    }
    roundCounts.forEach((name, count) -> counts.merge(name, count, Long::sum));
    anomalies.addAll(roundAnomalies);
  }

  void silence(long millis) {
    silenceMillisMax = Math.max(silenceMillisMax, millis);
  }

  /** All of the run: starts, mending and judging too. */
  void took(Duration wall) {
    took = wall;
  }

  private double perMinute(int faults) {
    return took.isZero() ? 0 : faults * 60e3 / took.toMillis();
  }

  void anomaly(String anomaly) {
    anomalies.add(anomaly);
  }

  void invalid(String why) {
    invalid.add(why);
  }

  int faults() {
    return tallies.values().stream().mapToInt(each -> each.happened).sum();
  }

  int kinds() {
    return (int) tallies.values().stream().filter(each -> each.happened > 0).count();
  }

  Verdict verdict() {
    if (!anomalies.isEmpty()) {
      return Verdict.FAILED;
    }
    return invalid.isEmpty() ? Verdict.PASSED : Verdict.INVALID;
  }

  List<String> anomalies() {
    return List.copyOf(anomalies);
  }

  List<String> invalid() {
    return List.copyOf(invalid);
  }

  private String verdict(FaultKind kind) {
    if (missing.containsKey(kind)) {
      return "missing";
    }
    Tally tally = tallies.getOrDefault(kind, new Tally());
    if (tally.failed > 0) {
      return "FAILED";
    }
    return tally.happened > 0 ? "passed" : "not tried";
  }

  /** A table of kinds, each with the longest silence around one that came alone, and the sums. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-18s %8s %10s %8s %9s %10s  %s%n"
            .formatted(
                "KIND",
                "HAPPENED",
                "PER MINUTE",
                "IN PAIRS",
                "NO EFFECT",
                "SILENCE MS",
                "VERDICT"));
    for (FaultKind kind : FaultKind.values()) {
      Tally tally = tallies.getOrDefault(kind, new Tally());
      text.append(
          "%-18s %8d %10.2f %8d %9d %10s  %s%n"
              .formatted(
                  kind,
                  tally.happened,
                  perMinute(tally.happened),
                  tally.inPairs,
                  tally.withoutEffect,
                  tally.silenceMillisMax == 0 ? "" : tally.silenceMillisMax,
                  missing.containsKey(kind) ? "missing: " + missing.get(kind) : verdict(kind)));
    }
    text.append(
        "seed %d at %s: %s, %d faults of %d kinds, %d kinds missing, in %d rounds, %.1f min, %.1f faults/min; longest silence %d ms; %s%n"
            .formatted(
                seed,
                commit,
                verdict(),
                faults(),
                kinds(),
                missing.size(),
                rounds,
                took.toMillis() / 60e3,
                perMinute(faults()),
                silenceMillisMax,
                counts));
    anomalies.forEach(anomaly -> text.append("anomaly: ").append(anomaly).append('\n'));
    invalid.forEach(why -> text.append("invalid: ").append(why).append('\n'));
    return text.toString();
  }

  /** The same, for programs. */
  String json() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("seed", seed);
    tree.put("commit", commit);
    tree.put("verdict", verdict().name());
    tree.put("faults", faults());
    tree.put("kinds", kinds());
    tree.put("rounds", rounds);
    tree.put("seconds", took.toSeconds());
    tree.put("faults_per_minute", perMinute(faults()));
    tree.put("silence_millis_max", silenceMillisMax);
    tree.put("counts", counts);
    Map<String, Object> byKind = new LinkedHashMap<>();
    for (FaultKind kind : FaultKind.values()) {
      Tally tally = tallies.getOrDefault(kind, new Tally());
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("verdict", verdict(kind));
      if (missing.containsKey(kind)) {
        one.put("why", missing.getOrDefault(kind, ""));
      }
      one.put("possible", possible.contains(kind));
      one.put("happened", tally.happened);
      one.put("per_minute", perMinute(tally.happened));
      one.put("in_pairs", tally.inPairs);
      one.put("no_effect", tally.withoutEffect);
      one.put("silence_millis_max", tally.silenceMillisMax);
      byKind.put(kind.word(), one);
    }
    tree.put("by_kind", byKind);
    tree.put("anomalies", anomalies());
    tree.put("invalid", invalid());
    return Json.write(tree);
  }
}

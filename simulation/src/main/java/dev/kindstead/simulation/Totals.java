package dev.kindstead.simulation;

import dev.kindstead.telemetry.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of many seeds. Confined to one thread. */
public final class Totals {
  /** Failed runs that are kept; there is no use in more. */
  private static final int FAILURES_MAX = 100;

  private final Map<String, Integer> faults = new TreeMap<>();
  private final Map<String, Integer> probes = new TreeMap<>();
  private final List<WorldVerdict> failures = new ArrayList<>();
  private long seeds;
  private long longLives;
  private long failed;
  private long invalid;
  private long committed;
  private long written;
  private long aborted;
  private long unknown;
  private Duration simulated = Duration.ZERO;
  private long trace;

  /** Of a run that says too little to be valid nothing is counted but that. */
  public void add(WorldVerdict verdict) {
    seeds++;
    trace = trace * 31 + verdict.traceHash();
    if (!verdict.passed() && failures.size() < FAILURES_MAX) {
      failures.add(verdict);
    }
    if (verdict.anomalies().isEmpty() && !verdict.isValid()) {
      invalid++;
      return;
    }
    failed += verdict.anomalies().isEmpty() ? 0 : 1;
    longLives += verdict.options().life().pace().hasLulls() ? 1 : 0;
    committed += verdict.committed();
    written += verdict.written();
    aborted += verdict.aborted();
    unknown += verdict.unknown();
    simulated = simulated.plus(verdict.simulated());
    verdict.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
    verdict.probes().forEach((probe, hits) -> probes.merge(probe, hits, Integer::sum));
  }

  /** Seeds with an anomaly, and those that said too little to be valid. */
  public long notPassed() {
    return failed + invalid;
  }

  /** The first of those that failed or were invalid. */
  public List<WorldVerdict> failures() {
    return failures;
  }

  public long seeds() {
    return seeds;
  }

  public double hours() {
    return simulated.toMillis() / 3_600_000.0;
  }

  /** What had to happen among so many seeds and did not: the run says too little to be valid. */
  public List<String> missing() {
    return Probes.missing(seeds - invalid, longLives, probes);
  }

  /** Of all that happened in the order of seeds; alike wherever the same seeds are run. */
  public String trace() {
    return "%016x".formatted(trace);
  }

  /** How far it is, in a line. */
  public String progress(Duration took) {
    return "%,d seeds, %.1f simulated hours, %,d commits, %d failed, %d invalid after %d s"
        .formatted(seeds, hours(), committed, failed, invalid, took.toSeconds());
  }

  @Override
  public String toString() {
    return "%d seeds (%d of long lives), %d failed, %d invalid, %d commits (%d of writes) in %d simulated seconds (%.1f hours), trace %s%nfaults %s%nprobes %s"
        .formatted(
            seeds,
            longLives,
            failed,
            invalid,
            committed,
            written,
            simulated.toSeconds(),
            hours(),
            trace(),
            faults,
            probes);
  }

  /** For programs. */
  public String json(String commit, Duration took, List<String> missing) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("commit", commit);
    tree.put("passed", notPassed() == 0 && missing.isEmpty());
    tree.put("seeds", seeds);
    tree.put("longLives", longLives);
    tree.put("hours", hours());
    tree.put("committed", committed);
    tree.put("written", written);
    tree.put("aborted", aborted);
    tree.put("unknown", unknown);
    tree.put("trace", trace());
    tree.put("tookSeconds", took.toMillis() / 1e3);
    tree.put("faults", faults);
    tree.put("probes", probes);
    tree.put("missingProbes", missing);
    tree.put("failed", failed);
    tree.put("invalid", invalid);
    tree.put("failures", failures.stream().map(Totals::tree).toList());
    return Json.write(tree);
  }

  private static Map<String, Object> tree(WorldVerdict verdict) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("seed", verdict.options().seed());
    tree.put("valid", verdict.isValid());
    tree.put("options", verdict.options().toString());
    tree.put("anomalies", verdict.anomalies());
    return tree;
  }
}

package dev.kindstead.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param committed transactions that were acknowledged, those that only read among them
 * @param written of these, those that wrote
 * @param faults how often each kind befell the cluster
 * @param quietMinutes while faults befell the cluster, with no acknowledged write in them
 * @param simulated how long it was
 * @param anomalies none for a run that passed
 */
public record WorldVerdict(
    WorldOptions options,
    long committed,
    long written,
    long aborted,
    long unknown,
    Map<String, Integer> faults,
    Map<String, Integer> probes,
    int quietMinutes,
    Duration simulated,
    long traceHash,
    List<String> anomalies) {
  /**
   * A run with fewer acknowledged writes than this says nothing, however much it read: it is
   * invalid; so is one with {@link Writes#quietMinutes}.
   */
  static final int WRITES_MIN = 10;

  /** And one that is about queries, with fewer answers that show something. */
  static final int QUERIES_JUDGED_MIN = 10;

  /** Or with fewer acknowledged writes of what they are about. */
  static final int BOOKS_WRITTEN_MIN = 10;

  public boolean isValid() {
    return whyInvalid().isEmpty();
  }

  /** Why it says nothing; empty for a run that does. */
  public String whyInvalid() {
    if (written < WRITES_MIN) {
      return "too few writes";
    }
    if (quietMinutes > 0) {
      return quietMinutes + " minutes without a write";
    }
    if (!options.subjects().library()) {
      return "";
    }
    if (probes.getOrDefault("query judged", 0) < QUERIES_JUDGED_MIN) {
      return "too few queries judged";
    }
    boolean writesTooLittle = probes.getOrDefault("books written", 0) < BOOKS_WRITTEN_MIN;
    return writesTooLittle ? "too few books written" : "";
  }

  /** The same, and an anomaly when another run of the same seed went another way. */
  WorldVerdict comparedWith(WorldVerdict again) {
    if (equals(again)) {
      return this;
    }
    List<String> all = new ArrayList<>(anomalies);
    all.add(
        "not deterministic: trace %016x, then %016x; something real leaked into the simulation"
            .formatted(traceHash, again.traceHash));
    return new WorldVerdict(
        options,
        committed,
        written,
        aborted,
        unknown,
        faults,
        probes,
        quietMinutes,
        simulated,
        traceHash,
        all);
  }

  public boolean passed() {
    return isValid() && anomalies.isEmpty();
  }
}

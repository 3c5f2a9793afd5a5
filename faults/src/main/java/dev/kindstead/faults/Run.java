package dev.kindstead.faults;

import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Cluster.Layout;
import dev.kindstead.faults.machine.LogRecords;
import dev.kindstead.faults.machine.Machine;
import dev.kindstead.faults.machine.Refused;
import dev.kindstead.faults.workload.Contents;
import dev.kindstead.faults.workload.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Rounds on one cluster, until the time is over. Confined to one thread. */
final class Run {
  /** Of faults; mending, reading and judging come to it. */
  private static final Duration ROUND = Duration.ofSeconds(45);

  private final Options options;
  private final Machine machine;
  private final Consumer<String> told;
  private final Report report;
  private final List<FaultKind> possible;
  private final Schedule schedule;
  private final Map<String, Contents> kept = new LinkedHashMap<>();

  /**
   * How long faults happen: on a busy machine everything takes many times as long.
   *
   * @param max not beyond this
   * @param enough if that has happened, it ends
   */
  record Length(Duration max, Optional<Volume> enough) {}

  /** How much shall happen. */
  record Volume(int faults, int kinds) {
    boolean isReachedBy(Report report) {
      return report.faults() >= faults && report.kinds() >= kinds;
    }
  }

  /**
   * What to run.
   *
   * @param directory for data, logs and histories; empty or missing
   * @param root of the repository
   * @param kinds asked for, also those that cannot happen here
   * @param privileged whether what only root can may be used
   * @param layout of the cluster
   */
  record Options(
      long seed,
      Length length,
      List<FaultKind> kinds,
      Path directory,
      Path root,
      boolean privileged,
      Layout layout) {}

  Run(Options options, Consumer<String> told) {
    this.options = options;
    this.told = told;
    try {
      Files.createDirectories(options.directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    machine = new Machine(options.directory, options.privileged);
    Map<FaultKind, String> missing = new EnumMap<>(FaultKind.class);
    options.kinds.forEach(kind ->
        kind.missing(machine, options.layout).ifPresent(reason -> missing.put(kind, reason)));
    missing.forEach((kind, reason) -> told.accept("missing: %s, %s".formatted(kind, reason)));
    possible = options.kinds.stream().filter(kind -> !missing.containsKey(kind)).toList();
    report = new Report(options.seed, Commit.of(options.root), possible, missing);
    schedule = new Schedule(options.seed, possible);
  }

  /** All of it. Whatever goes wrong is in the report. */
  Report run() {
    if (possible.isEmpty()) {
      report.invalid("none of the kinds of faults that were asked for can happen here");
      return report;
    }
    long beginNanos = System.nanoTime();
    try (Cluster cluster =
        new Cluster(machine, options.directory.resolve("cluster"), options.root, options.layout)) {
      try {
        cluster.start();
        Duration left = left(beginNanos);
        for (int number = 1; left.isPositive() && !hasFailed(); number++) {
          round(cluster, number, left.compareTo(ROUND) < 0 ? left : ROUND);
          left = left(beginNanos);
        }
        kept.forEach((project, contents) ->
            Workload.changes(cluster.node(0).uri(), project, contents).forEach(report::anomaly));
      } catch (Refused e) {
        report.invalid(String.valueOf(e.getMessage()));
      } catch (IllegalStateException stuck) {
        report.anomaly("the run got stuck: " + stuck.getMessage());
        cluster.dumpThreads();
        cluster.describe().map(String::valueOf).ifPresent(told);
      }
    }
    report.took(Duration.ofNanos(System.nanoTime() - beginNanos));
    return report;
  }

  private Duration left(long beginNanos) {
    Duration past = Duration.ofNanos(System.nanoTime() - beginNanos);
    Length length = options.length;
    boolean isEnough = length.enough.map(volume -> volume.isReachedBy(report)).orElse(false);
    return isEnough ? Duration.ZERO : length.max.minus(past);
  }

  /** What comes after hides the reason. */
  private boolean hasFailed() {
    return report.verdict() != Report.Verdict.PASSED;
  }

  private void round(Cluster cluster, int number, Duration length) {
    String project = "round-" + number;
    long endNanos = System.nanoTime() + length.toNanos();
    List<String> stuck = new ArrayList<>();
    try (Round round = new Round(cluster, project, options.seed + number, told)) {
      try {
        round.begin(number % 2 == 0);
        while (System.nanoTime() - endNanos < 0 && !isEnoughWith(round)) {
          round.happen(schedule.next());
        }
        kept.put(project, round.end());
      } catch (Refused e) {
        report.invalid("round %d: %s".formatted(number, e.getMessage()));
        stuck.addAll(cluster.complaints());
      } catch (IllegalStateException e) {
        stuck.add("round %d got stuck: %s".formatted(number, e.getMessage()));
        stuck.addAll(cluster.complaints());
        cluster.dumpThreads();
      }
      finish(round, number, stuck, cluster.logRecords().judge());
    }
  }

  private boolean isEnoughWith(Round round) {
    long happened = round.happened().stream().filter(each -> !each.effect().isEmpty()).count();
    return options
        .length
        .enough
        .map(
            volume -> report.faults() + happened >= volume.faults && report.kinds() >= volume.kinds)
        .orElse(false);
  }

  private void finish(Round round, int number, List<String> stuck, LogRecords.Judged logs) {
    List<String> anomalies = new ArrayList<>(round.anomalies());
    anomalies.addAll(stuck);
    anomalies.addAll(logs.anomalies());
    Map<String, Long> counts = round.workload().notes().counts();
    report.round(round.happened(), counts, anomalies);
    report.silence(round.longestSilence().toMillis());
    // One that got stuck has failed, and says why.
    if (anomalies.isEmpty()) {
      round.whyInvalid().forEach(why -> report.invalid("round %d: %s".formatted(number, why)));
    }
    told.accept(
        "round %d: %s; %s".formatted(number, anomalies.isEmpty() ? "passed" : "FAILED", counts));
    told.accept("  clients met: " + round.workload().failures());
    told.accept("  logs: %d events in %d lives".formatted(logs.events(), logs.lives()));
    if (!anomalies.isEmpty()) {
      anomalies.forEach(anomaly -> told.accept("  " + anomaly));
      dump(round, number, anomalies);
    }
  }

  private void dump(Round round, int number, List<String> anomalies) {
    Path file = options.directory.resolve("history-" + number + ".txt");
    List<String> lines = new ArrayList<>(anomalies);
    lines.addAll(round.workload().history());
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    told.accept("  what the clients saw: " + file);
  }
}

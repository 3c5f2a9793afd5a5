package dev.kindstead.simulation;

import dev.kindstead.placement.LeaderPlacement;
import dev.kindstead.telemetry.Logging;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command: runs one seed, or many. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = "Runs a cluster in simulated time, with faults, and judges what its clients saw.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every run passed", "1:a run failed, or committed too little to be valid"})
public final class Simulate implements Callable<Integer> {
  @Option(names = "--seed", description = "Run this seed, twice, and compare the traces.")
  private @Nullable Long seed;

  @Option(
      names = "--seeds",
      description = "Run this many seeds (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int seeds;

  @Option(
      names = "--from",
      description = "The first of them (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long from;

  @Option(names = "--until-failure", description = "End with the first run that fails.")
  private boolean untilFailure;

  @Option(
      names = "--faults",
      description = "Only these kinds of faults, such as crash,pause,isolation.",
      split = ",")
  private Set<String> faults = Set.of();

  @Option(
      names = "--leaders",
      description = "Where the leaders of shards belong: spread, together.")
  private LeaderPlacement.@Nullable Policy leaders;

  @Option(
      names = "--intense",
      description = "Three nodes, many readers and lists, and faults often, as for planted faults.")
  private boolean intense;

  @Option(names = "--library", description = "With books, queries over them and indexes of them.")
  private boolean library;

  @Option(
      names = "--spread",
      description = "As many nodes, three replicas of each shard, and nodes that come and go.")
  private int spread;

  @Option(names = "--chronicle", description = "With --seed, tell what befalls the cluster.")
  private boolean chronicle;

  @Spec private @Nullable CommandSpec spec;

  private Simulate() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Simulate())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    Logging.setLevel("error");
    return seed != null ? runOne(seed) : runMany();
  }

  private World world(long of) {
    WorldOptions drawn =
        intense
            ? WorldOptions.planted(of, Plant.NOTHING, faults)
            : WorldOptions.draw(of, new SplittableRandom(of));
    if (!faults.isEmpty()) {
      drawn = drawn.withFaults(faults);
    }
    if (library) {
      drawn = drawn.withSubjects(drawn.subjects().withLibrary());
    }
    if (spread > 0) {
      drawn = drawn.withSubjects(drawn.subjects().withSpread(spread));
    }
    return new World(leaders == null ? drawn : drawn.withLeaders(leaders));
  }

  private int runOne(long only) {
    World.Verdict first = world(only).chronicle(this::tell).run();
    World.Verdict second = world(only).run();
    print(first);
    if (first.traceHash() != second.traceHash()) {
      out().println("the same seed gave two traces: something real leaked into the simulation");
      return 1;
    }
    return first.passed() ? 0 : 1;
  }

  private void tell(String line) {
    if (chronicle) {
      out().println(line);
    }
  }

  private int runMany() {
    Map<String, Integer> probes = new TreeMap<>();
    long committed = 0;
    int failed = 0;
    Duration simulated = Duration.ZERO;
    long next = from;
    while (next < from + seeds && !(untilFailure && failed > 0)) {
      World.Verdict verdict = world(next++).run();
      verdict.probes().forEach((probe, hits) -> probes.merge(probe, hits, Integer::sum));
      committed += verdict.committed();
      simulated = simulated.plus(verdict.simulated());
      if (!verdict.passed()) {
        failed++;
        print(verdict);
      }
    }
    out()
        .printf(
            "%d seeds, %d failed, %d commits in %d simulated seconds, probes %s%n",
            next - from, failed, committed, simulated.toSeconds(), probes);
    return failed == 0 ? 0 : 1;
  }

  private void print(World.Verdict verdict) {
    out()
        .printf(
            "seed %d: %s, %d committed, %d aborted, %d unknown, trace %016x%n  %s%n  probes %s%n",
            verdict.options().seed(),
            verdict.passed()
                ? "passed"
                : verdict.isValid() ? "FAILED" : "INVALID (too few commits)",
            verdict.committed(),
            verdict.aborted(),
            verdict.unknown(),
            verdict.traceHash(),
            verdict.options(),
            verdict.probes());
    verdict.anomalies().stream().limit(10).forEach(anomaly -> out().println("  " + anomaly));
    out().flush();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
  }
}

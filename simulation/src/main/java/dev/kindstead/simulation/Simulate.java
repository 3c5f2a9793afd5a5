package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.placement.LeaderPlacement;
import dev.kindstead.telemetry.Logging;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
    description =
        "Runs clusters in simulated time, with faults, and judges what their clients saw."
            + " 'simulate nightly' runs the nightly volume in segments.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every run passed",
      "1:a run failed, or committed too little to be valid, or what must happen never did"
    })
public final class Simulate implements Callable<Integer> {
  private static final Clock CLOCK = new SystemClock();

  /** Failures of which smaller ones are looked for: that takes dozens of runs each. */
  private static final int SHRUNK_MAX = 3;

  @Option(names = "--seed", description = "Run this seed, twice, and compare the traces.")
  private @Nullable Long seed;

  @Option(
      names = "--seeds",
      description = "Run this many seeds, or more for --hours (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int seeds;

  @Option(
      names = "--hours",
      description = "Run as many seeds as it takes for so many simulated hours.",
      defaultValue = "0")
  private double hours;

  @Option(
      names = "--parallel",
      description = "Worlds at a time; says nothing about what comes out (default: processors).")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--from",
      description = "The first of them (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long from;

  @Option(names = "--until-failure", description = "End with the first run that has an anomaly.")
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

  @Option(names = "--figures", description = "With a bank, registers and a set.")
  private boolean figures;

  @Option(
      names = "--spread",
      description = "As many nodes, three replicas of each shard, and nodes that come and go.")
  private int spread;

  @Option(
      names = "--lives",
      description = "How long: drawn by the seed, or all short, or all long.",
      defaultValue = "drawn")
  private Lives lives = Lives.DRAWN;

  @Option(names = "--clients", description = "So many clients that write.")
  private @Nullable Integer clients;

  @Option(names = "--readers", description = "So many clients that only read.")
  private @Nullable Integer readers;

  @Option(names = "--lasting", description = "So many seconds with faults.")
  private @Nullable Double lasting;

  @Option(names = "--chronicle", description = "With --seed, tell what befalls the cluster.")
  private boolean chronicle;

  @Option(
      names = "--no-shrink",
      description = "Of a run that failed, look for no smaller one that fails too.")
  private boolean noShrink;

  @Option(
      names = "--json",
      description = "Of many seeds, print what came of them as JSON; all else goes to stderr.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  private Simulate() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Simulate())
            .addSubcommand(new Nightly())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOverwrittenOptionsAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    Logging.setLevel("error");
    return seed != null ? runOne(seed) : runMany();
  }

  private WorldOptions options(long of) {
    // Books and moves of replicas for an hour take too long to judge.
    boolean isAboutMore = library || figures || spread > 0;
    Lives drawable = lives == Lives.DRAWN && isAboutMore ? Lives.SHORT : lives;
    WorldOptions drawn =
        intense ? WorldOptions.planted(of, Plant.NOTHING, faults) : drawable.draw(of);
    if (!faults.isEmpty()) {
      drawn = drawn.withFaults(faults);
    }
    if (library) {
      drawn = drawn.withSubjects(drawn.subjects().withLibrary());
    }
    if (figures) {
      drawn = drawn.withSubjects(drawn.subjects().withFigures());
    }
    if (spread > 0) {
      drawn = drawn.withSubjects(drawn.subjects().withSpread(spread));
    }
    if (clients != null || readers != null) {
      drawn =
          drawn.withClients(
              clients == null ? drawn.crowd().clients() : clients,
              readers == null ? drawn.crowd().readers() : readers);
    }
    if (lasting != null) {
      drawn = drawn.withDuration(Duration.ofMillis((long) (lasting * 1_000)));
    }
    return leaders == null ? drawn : drawn.withLeaders(leaders);
  }

  /** Whether seeds are free to be and do everything, so that {@link Probes} must be hit. */
  private boolean isUnrestricted() {
    return faults.isEmpty()
        && leaders == null
        && !intense
        && lives != Lives.SHORT
        && clients == null
        && readers == null
        && lasting == null
        && !library
        && !figures
        && spread == 0
        && !untilFailure;
  }

  private int runOne(long only) {
    WorldVerdict first = new World(options(only)).chronicle(this::tell).run();
    WorldVerdict second = new World(options(only)).run();
    FailureReport.print(first, out());
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
    var totals = new Totals();
    long began = CLOCK.monotonicNanos();
    PrintWriter text = json ? err() : out();
    var leastTime = Duration.ofMillis((long) (hours * 3_600_000));
    new Volume(from, seeds, leastTime, parallel)
        .run(
            this::options,
            new Volume.Listener() {
              @Override
              public boolean ended(WorldVerdict verdict) {
                totals.add(verdict);
                if (!verdict.passed()) {
                  failed(verdict, totals.notPassed(), text);
                }
                return verdict.anomalies().isEmpty() || !untilFailure;
              }

              @Override
              public void took(Duration soFar) {
                err().println(totals.progress(soFar));
                err().flush();
              }
            });
    List<String> missing = isUnrestricted() ? totals.missing() : List.of();
    var took = Duration.ofNanos(CLOCK.monotonicNanos() - began);
    text.println(totals);
    text.println("took " + took.toSeconds() + " s, " + parallel + " worlds at a time");
    missing.forEach(probe -> text.println("INVALID: never happened: " + probe));
    text.flush();
    if (json) {
      out().print(totals.json(System.getProperty("kindstead.commit", "unknown"), took, missing));
      out().flush();
    }
    return totals.notPassed() == 0 && missing.isEmpty() ? 0 : 1;
  }

  private void failed(WorldVerdict verdict, long count, PrintWriter text) {
    FailureReport.print(verdict, text);
    if (!noShrink && count <= SHRUNK_MAX) {
      FailureReport.printShrunk(verdict, text);
    }
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getErr();
  }
}

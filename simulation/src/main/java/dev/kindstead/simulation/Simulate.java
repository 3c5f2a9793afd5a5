package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.telemetry.Logging;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: runs one seed, or many. */
@Command(
    name = "simulation/run",
    mixinStandardHelpOptions = true,
    description =
        "Runs clusters in simulated time, with faults, and judges what their clients saw."
            + " 'simulation/run nightly' runs the nightly volume in segments.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every run passed",
      "1:a run failed, or committed too little to be valid, or what must happen never did",
      "2:a wrong command line"
    })
public final class Simulate implements Callable<Integer> {
  private static final Clock CLOCK = new SystemClock();

  private static final OptionBounds BOUNDS =
      new OptionBounds()
          .between("--parallel", 1, 256)
          .between("--spread", Subjects.COPIES + 1, Faults.NODES_MAX)
          .between("--clients", 1, 1_000)
          .between("--readers", 0, 1_000)
          .between("--lasting", 0.001, 86_400)
          .atLeast("--segment-seeds", 1)
          .oneOf("--seeds", "--hours");

  /** What says nothing to a run of one seed. */
  private static final List<String> OF_MANY =
      List.of("--seeds", "--hours", "--from", "--until-failure", "--parallel");

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

  @Mixin private WorldArguments worlds = new WorldArguments();

  @Option(names = "--list", description = "Only list the kinds of faults, and whom they befall.")
  private boolean list;

  @Option(names = "--chronicle", description = "With --seed, tell what befalls the cluster.")
  private boolean chronicle;

  @Option(
      names = "--no-shrink",
      description = "Of a run that failed, look for no smaller one that fails too.")
  private boolean noShrink;

  @Option(
      names = "--json",
      description = "Print what came of the seeds as JSON; all else goes to standard error.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  private Simulate() {}

  public static void main(String[] arguments) {
    System.exit(command().execute(arguments));
  }

  static CommandLine command() {
    return BOUNDS.guard(
        new CommandLine(new Simulate())
            .addSubcommand(new Nightly())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOverwrittenOptionsAllowed(true));
  }

  @Override
  public Integer call() {
    Logging.setLevel("error");
    if (list) {
      FaultKinds.all().forEach(kind -> out().printf("%-20s %s%n", kind, FaultKinds.whom(kind)));
      out().flush();
      return 0;
    }
    worlds
        .whyWrong()
        .ifPresent(why -> {
          throw wrong(why);
        });
    if (seed == null) {
      if (chronicle) {
        throw wrong("--chronicle tells of one seed: give it with --seed");
      }
      return runMany();
    }
    OF_MANY.stream()
        .filter(this::isGiven)
        .findFirst()
        .ifPresent(option -> {
          throw wrong("--seed runs one seed: leave out " + option + ", or --seed");
        });
    return runOne(seed);
  }

  private boolean isGiven(String option) {
    return commandLine().getParseResult().hasMatchedOption(option);
  }

  private ParameterException wrong(String why) {
    return new ParameterException(commandLine(), why);
  }

  WorldOptions options(long of) {
    return worlds.options(of);
  }

  private int runOne(long only) {
    WorldOptions options = options(only);
    if (FaultKinds.areNone(options)) {
      throw wrong(
          "--faults %s: none befalls the cluster of seed %d, which has %d nodes: see --list"
              .formatted(String.join(",", worlds.faults()), only, options.setting().nodes()));
    }
    long began = CLOCK.monotonicNanos();
    WorldVerdict first = new World(options).chronicle(this::tell).run();
    WorldVerdict verdict = first.comparedWith(new World(options).run());
    report().tell(verdict);
    if (verdict == first) {
      text().println("  same trace twice");
      text().flush();
    }
    if (json) {
      var totals = new Totals();
      totals.add(verdict);
      printJson(totals, Duration.ofNanos(CLOCK.monotonicNanos() - began), List.of());
    }
    return verdict.passed() ? 0 : 1;
  }

  private void tell(String line) {
    if (chronicle) {
      text().println(line);
    }
  }

  private int runMany() {
    var totals = new Totals();
    var untouched = new AtomicLong();
    long began = CLOCK.monotonicNanos();
    FailureReport report = report();
    var leastTime = Duration.ofMillis((long) (hours * 3_600_000));
    new Volume(from, seeds, leastTime, parallel)
        .run(
            this::options,
            new Volume.Listener() {
              @Override
              public boolean ended(WorldVerdict verdict) {
                totals.add(verdict);
                untouched.addAndGet(FaultKinds.areNone(verdict.options()) ? 1 : 0);
                if (!verdict.passed()) {
                  report.tell(verdict);
                }
                return verdict.anomalies().isEmpty() || !untilFailure;
              }

              @Override
              public void took(Duration soFar) {
                err().println(totals.progress(soFar));
                err().flush();
              }
            });
    List<String> missing =
        new ArrayList<>(worlds.areNone() && !untilFailure ? totals.missing() : List.of());
    if (untouched.get() == totals.seeds()) {
      missing.add(
          "%s, which befalls no cluster of these seeds: see --list"
              .formatted(String.join(",", worlds.faults())));
    }
    var took = Duration.ofNanos(CLOCK.monotonicNanos() - began);
    text().println(totals);
    text().println("took " + took.toSeconds() + " s, " + parallel + " worlds at a time");
    missing.forEach(probe -> text().println("INVALID: never happened: " + probe));
    text().flush();
    if (json) {
      printJson(totals, took, missing);
    }
    return totals.notPassed() == 0 && missing.isEmpty() ? 0 : 1;
  }

  private void printJson(Totals totals, Duration took, List<String> missing) {
    out().print(totals.json(System.getProperty("kindstead.commit", "unknown"), took, missing));
    out().flush();
  }

  private FailureReport report() {
    return new FailureReport(text(), noShrink ? 0 : FailureReport.SHRUNK_MAX);
  }

  private PrintWriter text() {
    return json ? err() : out();
  }

  private PrintWriter out() {
    return commandLine().getOut();
  }

  private PrintWriter err() {
    return commandLine().getErr();
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine();
  }
}

package dev.kindstead.faults;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.machine.Cluster.Layout;
import dev.kindstead.faults.machine.Machine;
import dev.kindstead.simulation.OptionBounds;
import dev.kindstead.telemetry.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command. */
@Command(
    name = "faults/run",
    subcommands = {Nightly.class, OverloadCommand.class},
    mixinStandardHelpOptions = true,
    description =
        "Runs three real nodes and clients, lets real faults befall them, alone and in pairs, and"
            + " judges what the clients saw. What a machine does not allow is reported as missing:"
            + " for root, with gcc, iproute2, nftables, e2fsprogs and control groups of version 1,"
            + " nothing is.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no anomaly, and enough happened",
      "1:an anomaly; the directory keeps data, logs and histories",
      "2:a wrong command line",
      "3:invalid: too little was acknowledged, or too few faults happened"
    })
public final class Faults implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int INVALID = 3;

  private static final OptionBounds BOUNDS =
      new OptionBounds()
          .atLeast("--minutes", 0.01)
          .atLeast("--least-faults", 1)
          .between("--least-kinds", 1, FaultKind.values().length)
          .between("--nodes", 3, 16)
          .atLeast("--hours", 0.01)
          .atLeast("--segment-minutes", 0.01)
          .atLeast("--seconds", 1)
          .between("--entity-bytes", 0, 1_000_000)
          .between("--connections", 1, 1_000);

  @Option(
      names = "--minutes",
      description = "How long faults happen (default: ${DEFAULT-VALUE}).",
      defaultValue = "20")
  private double minutes;

  @Option(names = "--seed", description = "Chooses the faults. Default: another one each time.")
  private long seed = System.nanoTime() & 0xffffff;

  @Option(
      names = "--kinds",
      description = "Only these kinds, such as kill,power-cut. Default: all.",
      split = ",")
  private @Nullable List<String> kinds;

  @Option(names = "--list", description = "Lists the kinds, and what is missing here.")
  private boolean list;

  @Option(names = "--json", description = "The summary as JSON; all else to standard error.")
  private boolean json;

  @Option(
      names = "--least-faults",
      description = "Fewer that happened are invalid (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int leastFaults;

  @Option(
      names = "--least-kinds",
      description = "Fewer kinds that happened are invalid (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private int leastKinds;

  @Option(
      names = "--until-enough",
      description = "Ends before the time is over when --least-faults and --least-kinds happened.")
  private boolean untilEnough;

  @Option(
      names = "--nodes",
      description =
          "Three, or more: three have a vote, shards have three replicas, and nodes come and go"
              + " (default: ${DEFAULT-VALUE}).",
      defaultValue = "3")
  private int nodes;

  @Option(names = "--tls", description = "Nodes know each other by certificates.")
  private boolean tls;

  @Option(names = "--unprivileged", description = "Uses nothing that only root can.")
  private boolean unprivileged;

  @Option(
      names = "--directory",
      description = "For data and logs, emptied before. Default: faults/target/runs/SEED.")
  private @Nullable Path directory;

  @Spec private @Nullable CommandSpec spec;

  private Faults() {}

  public static void main(String[] arguments) {
    System.exit(command().execute(arguments));
  }

  static CommandLine command() {
    // One of the kinds has the name of a sub-command.
    return BOUNDS.guard(new CommandLine(new Faults()).setAllowSubcommandsAsOptionParameters(true));
  }

  @Override
  public Integer call() {
    Logging.setLevel("warn");
    Path root = Path.of(System.getProperty("kindstead.root", ".")).toAbsolutePath().normalize();
    Path own =
        directory == null ? root.resolve("faults/target/runs/" + seed) : directory.toAbsolutePath();
    Layout layout = new Layout(nodes, tls);
    List<FaultKind> chosen = chosen(layout);
    delete(own);
    if (list) {
      list(new Machine(own, !unprivileged), layout);
      delete(own);
      return 0;
    }
    Duration length = Duration.ofMillis((long) (minutes * 60_000));
    var options =
        new Run.Options(
            seed,
            new Run.Length(
                length,
                untilEnough
                    ? Optional.of(new Run.Volume(leastFaults, leastKinds))
                    : Optional.empty()),
            chosen,
            own,
            root,
            !unprivileged,
            layout);
    tell("seed " + seed + ", " + own);
    Report report = new Run(options, this::tell).run();
    if (report.faults() < leastFaults || report.kinds() < leastKinds) {
      report.invalid(
          "%d faults of %d kinds happened; %d of %d were asked for"
              .formatted(report.faults(), report.kinds(), leastFaults, leastKinds));
    }
    out().print(json ? report.json() : report.text());
    out().flush();
    if (report.verdict() == Verdict.PASSED) {
      delete(own);
    }
    return exitCode(report.verdict());
  }

  static int exitCode(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> 0;
      case FAILED -> FAILED;
      case INVALID -> INVALID;
    };
  }

  /** Of a kind that is asked for by name it is not enough to say at the end that it is missing. */
  private List<FaultKind> chosen(Layout layout) {
    if (kinds == null) {
      return List.of(FaultKind.values());
    }
    List<FaultKind> chosen = kinds.stream().map(this::kind).distinct().toList();
    if (leastKinds > chosen.size()) {
      throw wrong("--least-kinds %d of %d kinds never happen".formatted(leastKinds, chosen.size()));
    }
    for (FaultKind kind : chosen) {
      if (kind.needsSpare()) {
        layout
            .noSpare()
            .ifPresent(needed -> {
              throw wrong("%s %s, or leave it out of --kinds".formatted(kind, needed));
            });
      }
    }
    return chosen;
  }

  private FaultKind kind(String word) {
    try {
      return FaultKind.of(word);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(
        Objects.requireNonNull(spec, "set by picocli").commandLine(), why);
  }

  private void list(Machine machine, Layout layout) {
    for (FaultKind kind : FaultKind.values()) {
      out()
          .printf(
              "%-18s %-40s %s%n",
              kind,
              kind.description(),
              kind.missing(machine, layout).map(reason -> "missing: " + reason).orElse(""));
    }
    out().flush();
  }

  private void tell(String line) {
    PrintWriter to = json ? Objects.requireNonNull(spec).commandLine().getErr() : out();
    to.println(line);
    to.flush();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
  }

  static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

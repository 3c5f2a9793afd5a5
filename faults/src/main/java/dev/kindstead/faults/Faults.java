package dev.kindstead.faults;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.machine.Cluster.Layout;
import dev.kindstead.faults.machine.Machine;
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
  private List<String> kinds = Stream.of(FaultKind.values()).map(FaultKind::word).toList();

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
    // One of the kinds has the name of a sub-command.
    System.exit(
        new CommandLine(new Faults())
            .setAllowSubcommandsAsOptionParameters(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    Logging.setLevel("warn");
    Path root = Path.of(System.getProperty("kindstead.root", ".")).toAbsolutePath().normalize();
    Path own =
        directory == null ? root.resolve("faults/target/runs/" + seed) : directory.toAbsolutePath();
    delete(own);
    Layout layout = new Layout(nodes, tls);
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
            kinds.stream().map(this::kind).distinct().toList(),
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

  private FaultKind kind(String word) {
    try {
      return FaultKind.of(word);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()));
    }
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

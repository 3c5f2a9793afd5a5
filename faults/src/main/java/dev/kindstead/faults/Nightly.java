package dev.kindstead.faults;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.machine.Cluster.Layout;
import dev.kindstead.simulation.NightOptions;
import dev.kindstead.telemetry.Json;
import dev.kindstead.telemetry.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The nightly volume, in segments that each have a cluster and a seed of their own. What a segment
 * did stays in the directory, so an interrupted night goes on where it was. A segment that is not
 * finished leaves nothing.
 */
@Command(
    name = "nightly",
    mixinStandardHelpOptions = true,
    description =
        "Runs segments until enough has happened, or the hours are over, which is invalid. Started"
            + " again with the same directory it goes on after the last finished segment; a night"
            + " of another commit, --seed or --segment-minutes is refused.")
final class Nightly implements Callable<Integer> {
  @Option(
      names = "--hours",
      description = "Of all segments together at most (default: ${DEFAULT-VALUE}).",
      defaultValue = "2.5")
  private double hours;

  @Option(
      names = "--segment-minutes",
      description = "How long faults happen in one segment (default: ${DEFAULT-VALUE}).",
      defaultValue = "10")
  private double segmentMinutes;

  @Option(
      names = "--seed",
      description = "Of the first segment; the next has the next one (default: ${DEFAULT-VALUE}).",
      defaultValue = "2026")
  private long seed;

  @Option(
      names = "--least-faults",
      description = "Fewer are invalid (default: ${DEFAULT-VALUE}).",
      defaultValue = "1500")
  private int leastFaults;

  @Option(
      names = "--least-kinds",
      description = "Fewer are invalid (default: ${DEFAULT-VALUE}).",
      defaultValue = "16")
  private int leastKinds;

  @Option(
      names = "--directory",
      description = "Keeps a file of each segment. Default: faults/target/nightly/COMMIT.")
  private @Nullable Path directory;

  @Option(
      names = "--no-overload",
      description = "Leaves out the measurement of overload at the end.")
  private boolean withoutOverload;

  @Option(names = "--json", description = "The summary as JSON; all else to standard error.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  /** One segment after the other: each has what the others have not. */
  private static final List<Layout> LAYOUTS =
      List.of(new Layout(5, false), Layout.USUAL, new Layout(3, true));

  /** Of each measurement of overload. */
  private static final Duration OVERLOAD = Duration.ofSeconds(10);

  private final Totals totals = new Totals();

  @Override
  public Integer call() throws IOException {
    Logging.setLevel("warn");
    Path root = Path.of(System.getProperty("kindstead.root", ".")).toAbsolutePath().normalize();
    String commit = Commit.of(root);
    Path own =
        directory == null
            ? root.resolve("faults/target/nightly").resolve(commit)
            : directory.toAbsolutePath();
    Files.createDirectories(own);
    NightOptions.keep(
        own,
        "--seed %d --segment-minutes %s".formatted(seed, segmentMinutes),
        commit,
        Objects.requireNonNull(spec, "set by picocli").commandLine());
    for (int number = 1; !isOver(); number++) {
      Path file = own.resolve("segment-%03d.json".formatted(number));
      if (!Files.exists(file)) {
        segment(number, own, root, file);
      }
      totals.add(Json.read(Files.readString(file)));
      tell(
          "segment %d at %s: %d of %d faults, of %d kinds, %d of %.0f min, %s"
              .formatted(
                  number,
                  totals.commits().getLast(),
                  totals.faults(),
                  leastFaults,
                  totals.kinds(),
                  totals.seconds() / 60,
                  hours * 60,
                  totals.verdict()));
    }
    if (!withoutOverload && totals.verdict() != Verdict.FAILED && totals.commits().size() <= 1) {
      totals.addOverload(Json.read(Files.readString(measured(own, root, commit))));
    }
    if (!isEnough()) {
      totals.invalid(
          "%d faults of %d kinds happened; %d of %d were asked for"
              .formatted(totals.faults(), totals.kinds(), leastFaults, leastKinds));
    } else {
      totals.neverHappened().forEach(totals::invalid);
    }
    PrintWriter out = Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
    out.print(json ? Json.write(totals.tree()) : totals.text());
    out.flush();
    return Faults.exitCode(totals.verdict());
  }

  private Path measured(Path own, Path root, String commit) throws IOException {
    Path file = own.resolve("overload.json");
    if (!Files.exists(file)) {
      Path data = own.resolve("overload");
      Faults.delete(data);
      var measurement =
          new OverloadMeasurement(root, data, OVERLOAD, OverloadCommand.ASKING, this::tell);
      measurement.run();
      Files.writeString(file, measurement.json(commit));
      Faults.delete(data);
    }
    return file;
  }

  private boolean isEnough() {
    return totals.faults() >= leastFaults && totals.kinds() >= leastKinds;
  }

  /** What comes after an anomaly hides the reason. */
  private boolean isOver() {
    return isEnough()
        || totals.seconds() >= hours * 3_600
        || totals.verdict() == Verdict.FAILED
        || totals.commits().size() > 1;
  }

  private void segment(int number, Path own, Path root, Path file) throws IOException {
    Path data = own.resolve("segment-%03d".formatted(number));
    Faults.delete(data);
    Duration left = Duration.ofMillis((long) ((hours * 3_600 - totals.seconds()) * 1_000));
    Duration usual = Duration.ofMillis((long) (segmentMinutes * 60_000));
    var options =
        new Run.Options(
            seed + number - 1,
            new Run.Length(left.compareTo(usual) < 0 ? left : usual, Optional.empty()),
            List.of(FaultKind.values()),
            data,
            root,
            true,
            LAYOUTS.get(number % LAYOUTS.size()));
    Report report = new Run(options, this::tell).run();
    Files.writeString(file, report.json());
    if (report.verdict() == Verdict.PASSED) {
      Faults.delete(data);
    }
  }

  private void tell(String line) {
    var commands = Objects.requireNonNull(spec, "set by picocli").commandLine();
    PrintWriter to = json ? commands.getErr() : commands.getOut();
    to.println(line);
    to.flush();
  }
}

package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.telemetry.Json;
import dev.kindstead.telemetry.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The nightly volume, in segments of some minutes. What a segment did stays in the directory, so an
 * interrupted night goes on where it was. A segment that is not finished leaves nothing.
 */
@Command(
    name = "nightly",
    mixinStandardHelpOptions = true,
    description =
        "Runs segments of seeds until there are enough, and then seeds of long lives only until the"
            + " hours are enough. Started again with the same directory it goes on after the last"
            + " finished segment; a night of another commit, --from or --segment-seeds is refused.")
final class Nightly implements Callable<Integer> {
  private static final Clock CLOCK = new SystemClock();

  @Option(
      names = "--seeds",
      description = "At least, of all segments (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000")
  private long seeds;

  @Option(
      names = "--hours",
      description = "Simulated ones, at least, of all segments (default: ${DEFAULT-VALUE}).",
      defaultValue = "1000")
  private double hours;

  @Option(
      names = "--from",
      description = "The first seed (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long from;

  @Option(
      names = "--segment-seeds",
      description = "Seeds of a segment (default: ${DEFAULT-VALUE}).",
      defaultValue = "250")
  private long segmentSeeds;

  @Option(names = "--parallel", description = "Worlds at a time (default: processors).")
  private int parallel = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--directory",
      description = "Keeps a file of each segment. Default: simulation/target/nightly/COMMIT.")
  private @Nullable Path directory;

  @Option(names = "--json", description = "The summary as JSON; all else to standard error.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Logging.setLevel("error");
    Path root = Path.of(System.getProperty("kindstead.root", "."));
    String commit = System.getProperty("kindstead.commit", "unknown");
    Path own =
        directory == null ? root.resolve("simulation/target/nightly").resolve(commit) : directory;
    Files.createDirectories(own);
    NightOptions.keep(
        own,
        "--from %d --segment-seeds %d".formatted(from, segmentSeeds),
        commit,
        Objects.requireNonNull(spec, "set by picocli").commandLine());
    var totals = new NightTotals();
    var report = new FailureReport(progress(), FailureReport.SHRUNK_MAX);
    for (long number = 0; totals.isShortOf(seeds, hours); number++) {
      Path file = own.resolve("segment-%04d.json".formatted(number + 1));
      if (!Files.exists(file)) {
        String result =
            segment(
                from + number * segmentSeeds,
                totals.validSeeds() < seeds ? Lives.DRAWN : Lives.LONG,
                commit,
                report);
        Path unfinished = own.resolve("segment.unfinished");
        Files.writeString(unfinished, result);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      }
      totals.add(Json.read(Files.readString(file)));
      progress().println(totals);
      progress().flush();
    }
    totals.whyInvalid().forEach(why -> progress().println("INVALID: " + why));
    progress().flush();
    out().println(json ? totals.json().strip() : totals.counts());
    out().flush();
    return totals.passed() ? 0 : 1;
  }

  private String segment(long first, Lives lives, String commit, FailureReport report) {
    var totals = new Totals();
    long began = CLOCK.monotonicNanos();
    new Volume(first, segmentSeeds, Duration.ZERO, parallel)
        .run(
            lives::draw,
            new Volume.Listener() {
              @Override
              public boolean ended(WorldVerdict verdict) {
                totals.add(verdict);
                if (!verdict.passed()) {
                  report.tell(verdict);
                }
                return true;
              }

              @Override
              public void took(Duration soFar) {
                err().println(totals.progress(soFar));
                err().flush();
              }
            });
    return totals.json(commit, Duration.ofNanos(CLOCK.monotonicNanos() - began), List.of());
  }

  private PrintWriter progress() {
    return json ? err() : out();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
  }

  private PrintWriter err() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getErr();
  }
}

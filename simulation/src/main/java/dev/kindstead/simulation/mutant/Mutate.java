package dev.kindstead.simulation.mutant;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command: plants one mutant after the other and sees which checks find it. */
@Command(
    name = "mutants",
    mixinStandardHelpOptions = true,
    description =
        "Plants bugs into the product, one at a time, and sees whether the simulation and the room"
            + " tests find them.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every mutant that was chosen is found",
      "1:one is not found, was not tried, or the product fails without it as well",
      "2:a wrong command line"
    })
public final class Mutate implements Callable<Integer> {
  @Option(names = "--only", description = "Only these mutants, by name.", split = ",")
  private List<String> only = List.of();

  @Option(names = "--sample", description = "Only so many, drawn by --seed.")
  private @Nullable Integer sample;

  @Option(
      names = "--seed",
      description = "Draws the sample (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--seeds",
      description = "Simulate at most so many seeds for each (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  private int seeds;

  @Option(
      names = "--known",
      description =
          "Begin with the seed that found it last, by the page, rather than with 1; not with"
              + " --write, whose page says how many it takes from 1 on.")
  private boolean known;

  @Option(names = "--quick", description = "No room tests for what the simulation finds.")
  private boolean quick;

  @Option(
      names = "--minutes",
      description = "Begin no further mutant after so long (default: ${DEFAULT-VALUE}).",
      defaultValue = "240")
  private int minutes;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Option(names = "--write", description = "Write each row to the page as it comes.")
  private boolean write;

  @Option(
      names = "--go-on",
      description = "Leave out what the page says was found at this very commit.")
  private boolean goOn;

  @Option(names = "--page", description = "Default: docs/mutants.md.")
  private @Nullable Path page;

  @Option(names = "--list", description = "Only tell the names, rules and sentences.")
  private boolean list;

  @Spec private @Nullable CommandSpec spec;

  private Mutate() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Mutate()).execute(arguments));
  }

  @Override
  public Integer call() {
    if (known && write) {
      throw wrong("--known and --write do not go together: leave out --known");
    }
    try (Workshop workshop = Workshop.open(Workshop.findRoot())) {
      List<Mutant> chosen = choose(Mutant.readAll(workshop.mutants()));
      if (list) {
        chosen.forEach(
            each -> System.out.printf("%s (rule %d): %s%n", each.name(), each.rule(), each.what()));
        return 0;
      }
      Report report = hunt(workshop, chosen);
      System.out.println(json ? report.json() : report.summary());
      return report.passed() ? 0 : 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(
        Objects.requireNonNull(spec, "set by picocli").commandLine(), why);
  }

  private List<Mutant> choose(List<Mutant> all) {
    List<String> names = all.stream().map(Mutant::name).toList();
    only.stream()
        .filter(name -> !names.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw wrong("there is no mutant " + name + ": see --list");
        });
    List<Mutant> wanted =
        all.stream().filter(each -> only.isEmpty() || only.contains(each.name())).toList();
    return sample == null ? wanted : sample(wanted, sample, seed);
  }

  /** So many of them, drawn by a seed. */
  public static List<Mutant> sample(List<Mutant> from, int count, long seed) {
    var shuffled = new ArrayList<>(from);
    Collections.shuffle(shuffled, new SplittableRandom(seed));
    return List.copyOf(shuffled.subList(0, Math.min(count, shuffled.size())));
  }

  private Report hunt(Workshop workshop, List<Mutant> mutants) throws IOException {
    Checks checks = new Checks(workshop);
    Path file = page == null ? workshop.root().resolve("docs/mutants.md") : page;
    Page rows = Page.read(file);
    String commit = System.getProperty("kindstead.commit", "unknown");
    Clock clock = new SystemClock();
    long end = clock.monotonicNanos() + Duration.ofMinutes(minutes).toNanos();
    var verdicts = new ArrayList<Verdict>();
    var untried = new ArrayList<String>();
    for (Mutant mutant : mutants) {
      if (goOn && rows.isFound(mutant, commit)) {
        continue;
      }
      if (clock.monotonicNanos() >= end) {
        untried.add(mutant.name());
        continue;
      }
      long from = known ? rows.seed(mutant).orElse(1) : 1;
      Verdict verdict = hunt(checks, mutant, from, seeds, quick);
      verdicts.add(verdict);
      System.err.println(verdict);
      if (write) { // what has been found stays when the next one is broken off
        rows.put(verdict, commit);
        Files.writeString(file, rows.markdown(Mutant.readAll(workshop.mutants())));
      }
    }
    return new Report(commit, verdicts, untried);
  }

  /**
   * Has the checks look for one mutant.
   *
   * @param seedsMax none leaves it to the room tests
   * @param quick whether the first that finds it is enough
   */
  static Verdict hunt(Checks checks, Mutant mutant, long from, int seedsMax, boolean quick) {
    Checks.Finding simulated =
        mutant.isSimulated() && seedsMax > 0 ? checks.simulate(mutant, from, seedsMax) : null;
    boolean enough = quick && simulated != null && simulated.isFound();
    return new Verdict(
        mutant, simulated, enough || mutant.tests().isEmpty() ? null : checks.test(mutant));
  }
}

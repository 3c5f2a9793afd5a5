package dev.kindstead.simulation.mutant;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.simulation.Simulate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checks that a mutant has to fail, and the product without it to pass. Each runs in a process
 * of its own. Confined to one thread.
 */
public final class Checks {
  private static final Clock CLOCK = new SystemClock();
  private static final String SIMULATION = "simulation";
  private static final String TESTS = "room tests";
  private static final String ROOM = "dev.kindstead.";
  private static final String ROOM_TESTS = "dev.kindstead.simulation.mutant.RoomTests";

  /** Seconds, on two busy cores, for a few dozen classes; who takes longer is stuck. */
  private static final Duration ROOM_TESTS_LIMIT = Duration.ofMinutes(2);

  /** As many times as long as without the mutant: then it is stuck, and not slow. */
  private static final int HUNG_TIMES = 4;

  private static final Duration STARTING = Duration.ofMinutes(1);

  /** Of a seed, on a busy machine. */
  private static final Duration SEED_LIMIT = Duration.ofSeconds(10);

  /** Most children live too short for the better compiler to pay. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  private static final List<String> SIMULATION_OPTIONS =
      List.of("-Xmx1g", "-XX:+UseSerialGC", QUICK_START);

  /** As the build's own tests run, but for the longest one, which takes minutes. */
  private static final List<String> TEST_OPTIONS =
      List.of(
          "-Xmx1g",
          QUICK_START,
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dquery.seeds=200");

  private static final Pattern NOT_PASSED =
      Pattern.compile("seed (\\d+): (FAILED|INVALID \\([^)]*\\)).*");
  private static final Pattern FAILED_TEST = Pattern.compile("FAILED (\\S+): (.*)");

  private final Workshop workshop;

  /** The classes of each mutant, by name. */
  private final Map<String, Path> planted = new HashMap<>();

  /** What the product itself passes is not run twice. */
  private final Map<List<String>, Sound> baselines = new HashMap<>();

  /**
   * What the product without a mutant did.
   *
   * @param wrong empty when it passed
   */
  private record Sound(String wrong, Duration took) {}

  /** A seed, and its first anomaly. */
  record Anomaly(long seed, String says) {}

  public Checks(Workshop workshop) {
    this.workshop = workshop;
  }

  /**
   * Whether a check finds a mutant.
   *
   * @param check its name
   * @param by seed or test; empty for a check that does not find it
   * @param says the first anomaly or failure
   * @param seeds simulated, zero for other checks
   * @param wrong why the result says nothing; empty when it does
   */
  public record Finding(
      String check, String by, String says, int seeds, Duration took, String wrong) {
    public boolean isFound() {
      return !by.isEmpty() && wrong.isEmpty();
    }
  }

  /** Simulates seed after seed until one fails. */
  public Finding simulate(Mutant mutant, long from, int seedsMax) {
    long began = CLOCK.monotonicNanos();
    Child.Result result = simulation(workshop.classPath(planted(mutant)), mutant, from, seedsMax);
    Duration took = Duration.ofNanos(CLOCK.monotonicNanos() - began);
    Optional<Anomaly> found = anomaly(result.lines());
    if (found.isEmpty()) {
      boolean saidTooLittle = !result.isHung() && first(NOT_PASSED, result.lines()).isPresent();
      return new Finding(
          SIMULATION, "", "", seedsMax, took, saidTooLittle ? "" : unexplained(result));
    }
    long seed = found.get().seed;
    return new Finding(
        SIMULATION,
        "seed " + seed,
        found.get().says,
        (int) (seed - from + 1),
        took,
        withoutIt(mutant, seed));
  }

  private Child.Result simulation(String classPath, Mutant mutant, long from, int seeds) {
    List<String> call = new ArrayList<>(List.of(Simulate.class.getName(), "--until-failure"));
    call.addAll(List.of("--lives", "short", "--no-shrink", "--parallel", "1"));
    call.addAll(List.of("--from", String.valueOf(from), "--seeds", String.valueOf(seeds)));
    call.addAll(mutant.options());
    Duration limit = STARTING.plus(SEED_LIMIT.multipliedBy(seeds));
    return Child.run(workshop.root(), SIMULATION_OPTIONS, classPath, call, limit);
  }

  /**
   * The first, below the line of its seed. A run that only said too little, as one with too few
   * commits, has none: chance or a busy machine may be the reason.
   */
  static Optional<Anomaly> anomaly(List<String> lines) {
    long seed = -1;
    for (String line : lines) {
      Matcher failed = NOT_PASSED.matcher(line);
      if (failed.matches()) {
        seed = Long.parseLong(failed.group(1));
      } else if (!line.startsWith("  ")) {
        seed = -1;
      } else if (seed >= 0 && !line.startsWith("  World") && !line.startsWith("  probes")) {
        return Optional.of(new Anomaly(seed, line.strip()));
      }
    }
    return Optional.empty();
  }

  private String withoutIt(Mutant mutant, long seed) {
    List<String> key = new ArrayList<>(mutant.options());
    key.add(String.valueOf(seed));
    return baseline(
            key,
            () -> simulation(workshop.classPath(), mutant, seed, 1),
            sound ->
                "the product itself fails at seed %d: %s"
                    .formatted(seed, anomaly(sound.lines()).map(Anomaly::says).orElse("")))
        .wrong;
  }

  private Sound baseline(
      List<String> key, Supplier<Child.Result> run, Function<Child.Result, String> wrong) {
    return baselines.computeIfAbsent(
        key,
        _ -> {
          long began = CLOCK.monotonicNanos();
          Child.Result sound = run.get();
          Duration took = Duration.ofNanos(CLOCK.monotonicNanos() - began);
          return new Sound(sound.exitCode() == 0 ? "" : wrong.apply(sound), took);
        });
  }

  /** Runs the room tests that a mutant names. */
  public Finding test(Mutant mutant) {
    long began = CLOCK.monotonicNanos();
    Child.Result result = roomTests(workshop.classPath(planted(mutant)), mutant.tests());
    Duration took = Duration.ofNanos(CLOCK.monotonicNanos() - began);
    Optional<Matcher> failed = first(FAILED_TEST, result.lines());
    if (failed.isPresent()) {
      String test = failed.get().group(1);
      String wrong = withoutIt(mutant.tests()).wrong;
      return new Finding(TESTS, test, failed.get().group(2), 0, took, wrong);
    }
    if (result.isHung()) {
      String by = String.join(" ", mutant.tests());
      Sound sound = withoutIt(mutant.tests());
      String wrong = sound.wrong.isEmpty() ? whyNotHung(sound.took, ROOM_TESTS_LIMIT) : sound.wrong;
      return new Finding(TESTS, by, "hung", 0, took, wrong);
    }
    return new Finding(TESTS, "", "", 0, took, unexplained(result));
  }

  /** Tests that take long without a mutant too have perhaps only not been given enough time. */
  static String whyNotHung(Duration sound, Duration limit) {
    return sound.multipliedBy(HUNG_TIMES).compareTo(limit) < 0
        ? ""
        : "did not end within %d s, of which the product itself takes %d s"
            .formatted(limit.toSeconds(), sound.toSeconds());
  }

  private Sound withoutIt(List<String> tests) {
    return baseline(
        tests,
        () -> roomTests(workshop.classPath(), tests),
        sound ->
            "the product itself fails " + first(FAILED_TEST, sound.lines()).map(Matcher::group));
  }

  private Child.Result roomTests(String classPath, List<String> tests) {
    List<String> call = new ArrayList<>(List.of(ROOM_TESTS));
    tests.forEach(test -> call.add(ROOM + test));
    return Child.run(
        workshop.root().resolve("database"), TEST_OPTIONS, classPath, call, ROOM_TESTS_LIMIT);
  }

  private static Optional<Matcher> first(Pattern pattern, List<String> lines) {
    return lines.stream().map(pattern::matcher).filter(Matcher::matches).findFirst();
  }

  /** A child that did not do its work has found nothing, and has not missed anything either. */
  private static String unexplained(Child.Result result) {
    if (result.exitCode() == 0) {
      return "";
    }
    List<String> lines = result.lines();
    String last = lines.isEmpty() ? "" : lines.getLast();
    return result.isHung() ? "did not end" : "ended with %d: %s".formatted(result.exitCode(), last);
  }

  private Path planted(Mutant mutant) {
    return planted.computeIfAbsent(mutant.name(), _ -> workshop.plant(mutant));
  }
}

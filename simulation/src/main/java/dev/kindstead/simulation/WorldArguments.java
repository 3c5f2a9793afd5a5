package dev.kindstead.simulation;

import dev.kindstead.placement.LeaderPlacement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What a command line says of the worlds that it runs, whatever their seed; and the other way
 * round, the command line that gives certain options again. Confined to one thread.
 */
final class WorldArguments {
  @Option(
      names = "--faults",
      description = "Only these kinds of faults, such as crash,pause,isolation: see --list.",
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
      description =
          "As many nodes, 4 to 7, three replicas of each shard, and nodes that come and go.")
  private @Nullable Integer spread;

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

  Set<String> faults() {
    return faults;
  }

  /** Why they do not go together, or are none; empty when they do. */
  Optional<String> whyWrong() {
    return intense && lives == Lives.LONG
        ? Optional.of("--intense lives are short: leave out --lives long, or --intense")
        : FaultKinds.whyUnknown(faults);
  }

  /** Whether seeds are free to be and do everything, so that {@link Probes} must be hit. */
  boolean areNone() {
    return faults.isEmpty()
        && leaders == null
        && !intense
        && lives != Lives.SHORT
        && clients == null
        && readers == null
        && lasting == null
        && !library
        && !figures
        && spread == null;
  }

  WorldOptions options(long seed) {
    // Books and moves of replicas for an hour take too long to judge.
    boolean isAboutMore = library || figures || spread != null;
    Lives drawable = lives == Lives.DRAWN && isAboutMore ? Lives.SHORT : lives;
    WorldOptions drawn =
        intense ? WorldOptions.planted(seed, Plant.NOTHING, faults) : drawable.draw(seed);
    if (!faults.isEmpty()) {
      drawn = drawn.withFaults(faults);
    }
    if (library) {
      drawn = drawn.withSubjects(drawn.subjects().withLibrary());
    }
    if (figures) {
      drawn = drawn.withSubjects(drawn.subjects().withFigures());
    }
    if (spread != null) {
      drawn = drawn.withSubjects(drawn.subjects().withSpread(spread));
    }
    if (clients != null || readers != null) {
      drawn =
          drawn.withClients(
              clients == null ? drawn.crowd().clients() : clients,
              readers == null ? drawn.crowd().readers() : readers);
    }
    if (lasting != null) {
      drawn = drawn.withDuration(Duration.ofMillis(Math.round(lasting * 1_000)));
    }
    return leaders == null ? drawn : drawn.withLeaders(leaders);
  }

  /** By which exactly such a world is run, with its seed; empty when no command line gives it. */
  static Optional<String> giving(WorldOptions wanted) {
    return Stream.of(
            near(wanted, Lives.SHORT, false),
            near(wanted, Lives.LONG, false),
            near(wanted, Lives.SHORT, true))
        .filter(arguments -> arguments.options(wanted.seed()).equals(wanted))
        .map(arguments -> "--seed %d %s".formatted(wanted.seed(), arguments.words()))
        .findFirst();
  }

  private static WorldArguments near(WorldOptions wanted, Lives lives, boolean intense) {
    var arguments = new WorldArguments();
    arguments.lives = lives;
    arguments.intense = intense;
    arguments.narrow(wanted);
    return arguments;
  }

  /** Names what the seed would draw otherwise. */
  private void narrow(WorldOptions wanted) {
    WorldOptions drawn = options(wanted.seed());
    if (!wanted.faults().equals(drawn.faults())) {
      faults = wanted.faults();
    }
    library = wanted.subjects().library() && !drawn.subjects().library();
    figures = wanted.subjects().figures() && !drawn.subjects().figures();
    if (wanted.subjects().isSpread() && wanted.subjects().spread() != drawn.subjects().spread()) {
      spread = wanted.subjects().spread();
    }
    if (wanted.crowd().clients() != drawn.crowd().clients()) {
      clients = wanted.crowd().clients();
    }
    if (wanted.crowd().readers() != drawn.crowd().readers()) {
      readers = wanted.crowd().readers();
    }
    if (!wanted.life().duration().equals(drawn.life().duration())) {
      lasting = wanted.life().duration().toMillis() / 1e3;
    }
    if (wanted.setting().leaders() != drawn.setting().leaders()) {
      leaders = wanted.setting().leaders();
    }
  }

  private String words() {
    List<String> words = new ArrayList<>();
    words.add(intense ? "--intense" : "--lives " + lower(lives));
    if (library) {
      words.add("--library");
    }
    if (figures) {
      words.add("--figures");
    }
    if (spread != null) {
      words.add("--spread " + spread);
    }
    if (!faults.isEmpty()) {
      words.add("--faults '%s'".formatted(String.join(",", new TreeSet<>(faults))));
    }
    if (clients != null) {
      words.add("--clients " + clients);
    }
    if (readers != null) {
      words.add("--readers " + readers);
    }
    if (lasting != null) {
      words.add("--lasting " + String.format(Locale.ROOT, "%.3f", lasting));
    }
    if (leaders != null) {
      words.add("--leaders " + lower(leaders));
    }
    return String.join(" ", words);
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}

package dev.kindstead.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code kindstead recover}: the last resort when a majority of a cluster is gone for good. One
 * data directory becomes a cluster of its own.
 */
public final class RecoverCommand implements Callable<Integer> {
  private static final String DATA_DIR = "--data-dir";
  private static final String UNSAFE = "--unsafe";
  private static final String WITH = "--with";
  private static final String ACCEPT_OLD = "--accept-old";

  /** Reads, or recovers, a data directory that no node uses. */
  @FunctionalInterface
  public interface Recovery {
    /**
     * @throws Refusal when a directory can't be used, or needs no recovery
     */
    Found recover(Wish wish);
  }

  /**
   * What is to be done.
   *
   * @param with data directories of other nodes of the cluster, whose replicas are copied where
   *     they go farther
   * @param does whether to do it, or only to tell what is there
   * @param acceptsOld whether replicas may be used that others may have replaced long ago
   */
  public record Wish(Path directory, List<Path> with, boolean does, boolean acceptsOld) {}

  /**
   * What data directories hold.
   *
   * @param cluster the cluster's id; the new one after a recovery
   * @param others the members of its cluster that it was recovered without
   */
  public record Found(String cluster, String node, List<String> others, List<Group> groups) {}

  /**
   * The replica of a group that goes farthest.
   *
   * @param node whose it is
   * @param lastTerm of its last log entry
   * @param inDoubt transactions over several shards that were prepared and had no outcome here
   */
  public record Group(
      String name, String node, long lastTerm, long lastLogIndex, int inDoubt, Place place) {
    public Group withDoubts(int other) {
      return new Group(name, node, lastTerm, lastLogIndex, other, place);
    }
  }

  /** How good a replica is. */
  public enum Place {
    HERE("here"),
    /** It has no entry of the latest term in which the group was led. */
    BEHIND("here, BEHIND"),
    /** Others have its vote, or should have: it may have been given away long ago. */
    MAYBE_OLD("here, MAY BE OLD"),
    /** On other nodes only. */
    ELSEWHERE("ELSEWHERE");

    private final String shown;

    Place(String shown) {
      this.shown = shown;
    }
  }

  private final Recovery recovery;
  private final Path byDefault;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private RecoverCommand(Map<String, String> environment, Recovery recovery) {
    this.recovery = recovery;
    byDefault = Path.of(environment.getOrDefault(Setting.DATA_DIR.variable(), "kindstead-data"));
    spec.usageMessage()
        .description(
            "Tells what a stopped node's data directory holds.",
            "With "
                + UNSAFE
                + " it makes it a cluster of its own: the last resort when a majority of",
            "the nodes is gone for good. What only they had is lost, acknowledged or not.");
    spec.addOption(
        OptionSpec.builder(DATA_DIR)
            .type(Path.class)
            .paramLabel("DIRECTORY")
            .description("Of the stopped node. Default: " + byDefault + ".")
            .build());
    spec.addOption(
        OptionSpec.builder(UNSAFE)
            .type(boolean.class)
            .description("Does it. Without it nothing is changed.")
            .build());
    spec.addOption(
        OptionSpec.builder(WITH)
            .type(List.class)
            .auxiliaryTypes(Path.class)
            .arity("1")
            .paramLabel("DIRECTORY")
            .description(
                "Of another stopped node of the cluster, for each that is left: of each group the"
                    + " replica is taken that goes farthest.")
            .build());
    spec.addOption(
        OptionSpec.builder(ACCEPT_OLD)
            .type(boolean.class)
            .description("Takes replicas, too, that may have been given away long ago.")
            .build());
  }

  static CommandSpec spec(Map<String, String> environment, Recovery recovery) {
    return new RecoverCommand(environment, recovery).spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    PrintWriter out = spec.commandLine().getOut();
    boolean recover = parsed.hasMatchedOption(UNSAFE);
    Found found =
        recovery.recover(
            new Wish(
                parsed.matchedOptionValue(DATA_DIR, byDefault),
                parsed.matchedOptionValue(WITH, List.of()),
                recover,
                parsed.hasMatchedOption(ACCEPT_OLD)));
    var table = new Table("GROUP", "LAST TERM", "LAST ENTRY", "IN DOUBT", "REPLICA", "OF NODE");
    for (Group group : found.groups()) {
      table.add(
          group.name(),
          Long.toString(group.lastTerm()),
          Long.toString(group.lastLogIndex()),
          Integer.toString(group.inDoubt()),
          group.place().shown,
          group.place() == Place.ELSEWHERE ? "-" : group.node());
    }
    out.print(
        (recover ? "" : "Node %s of %s.%n%n".formatted(found.node(), found.cluster()))
            + table.text()
            + "\n"
            + (recover ? recovered(found) : choice(found)));
    out.flush();
    return ExitCode.OK;
  }

  private static List<Group> all(Found found, Place place) {
    return found.groups().stream().filter(group -> group.place() == place).toList();
  }

  private static String choice(Found found) {
    if (!all(found, Place.ELSEWHERE).isEmpty()) {
      return """
      Nothing was changed. There is no replica of some groups here: what is theirs is on other
      nodes only. Name the data directories of those that are left, or bring back a majority of the
      nodes with a vote: they serve it then.

        kindstead recover --data-dir ... --with DIRECTORY
      """;
    }
    return warning(found)
        + """
        Nothing was changed. If %s
        are gone for good, name the data directories of all nodes that are left (--with), and
        recover one of them only. Where they can't be brought to one machine, look at each and
        take the one with the highest last terms and, for equal ones, the last entries farthest on.
        Whatever the lost nodes acknowledged beyond that is lost; commits that were on their way
        may appear.

          kindstead recover --unsafe --data-dir ...
        """
            .formatted(String.join(" and ", found.others()));
  }

  private static String warning(Found found) {
    String behind =
        all(found, Place.BEHIND).isEmpty()
            ? ""
            : """
            BEHIND: the group was led later than any entry here tells, so entries are missing. Other
            nodes may have them: look there first.

            """;
    return all(found, Place.MAYBE_OLD).isEmpty()
        ? behind
        : behind
            + """
            MAY BE OLD: other nodes have the vote of this replica, or were to have it. If they got
            it, all that was written since is missing here. Look at them first; else --accept-old.

            """;
  }

  private static String recovered(Found found) {
    var lost = new StringBuilder();
    for (Place place : List.of(Place.BEHIND, Place.MAYBE_OLD)) {
      for (Group group : all(found, place)) {
        lost.append(
            place == Place.BEHIND
                ? "Lost: what %s acknowledged in later terms than %d.%n"
                    .formatted(group.name(), group.lastTerm())
                : "May be lost: all of %s since its entry %d of term %d, however long ago.%n"
                    .formatted(group.name(), group.lastLogIndex(), group.lastTerm()));
      }
    }
    return """
    Recovered as %s, of this node alone.

    May be lost: every write that a majority without this node acknowledged behind the entries
    above, and transactions over several shards of which only some entries were here. May have
    appeared: writes that were on their way when it stopped.
    %sNever start %s, or any other node
    of the cluster before, again with the data they had. Start this node without
    --join, then two more with empty data directories and --join at it.
    """
        .formatted(found.cluster(), lost, String.join(" or ", found.others()));
  }
}

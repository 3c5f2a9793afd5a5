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

  /** Reads, or recovers, a data directory that no node uses. */
  @FunctionalInterface
  public interface Recovery {
    /**
     * @param recover whether to do it, or only to tell what is there
     * @throws Refusal when the directory can't be used, or needs no recovery
     */
    Found recover(Path dataDirectory, boolean recover);
  }

  /**
   * What a data directory holds.
   *
   * @param cluster the cluster's id; the new one after a recovery
   * @param others the members of its cluster that it was recovered without
   */
  public record Found(String cluster, String node, List<String> others, List<Group> groups) {}

  /**
   * A replica.
   *
   * @param lastTerm of its last log entry
   * @param inDoubt transactions over several shards that were prepared and had no outcome here
   * @param place where the group's replicas are, as far as this node knows
   */
  public record Group(String name, long lastTerm, long lastLogIndex, int inDoubt, Place place) {
    public Group at(Place other) {
      return new Group(name, lastTerm, lastLogIndex, inDoubt, other);
    }
  }

  /** Of a group's replicas. */
  public enum Place {
    HERE("here"),
    /** This one has no entry of the latest term in which the group was led. */
    BEHIND("here, BEHIND"),
    /** On other nodes only; what is here is old, if there is anything. */
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
  }

  static CommandSpec spec(Map<String, String> environment, Recovery recovery) {
    return new RecoverCommand(environment, recovery).spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    PrintWriter out = spec.commandLine().getOut();
    boolean recover = parsed.hasMatchedOption(UNSAFE);
    Found found = recovery.recover(parsed.matchedOptionValue(DATA_DIR, byDefault), recover);
    var table = new Table("GROUP", "LAST TERM", "LAST ENTRY", "IN DOUBT", "REPLICA");
    for (Group group : found.groups()) {
      table.add(
          group.name(),
          Long.toString(group.lastTerm()),
          Long.toString(group.lastLogIndex()),
          Integer.toString(group.inDoubt()),
          group.place().shown);
    }
    out.print(
        (recover ? "" : "Node %s of %s.%n%n".formatted(found.node(), found.cluster()))
            + table.text()
            + "\n"
            + (recover ? recovered(found) : choice(found)));
    out.flush();
    return ExitCode.OK;
  }

  private static boolean hasAny(Found found, Place place) {
    return found.groups().stream().anyMatch(group -> group.place() == place);
  }

  private static String choice(Found found) {
    if (hasAny(found, Place.ELSEWHERE)) {
      return """
      Nothing was changed. This node alone cannot be made a cluster: it has no replica of some
      groups, or an old one. What is theirs is on other nodes only: they serve it once a majority
      of the nodes with a vote runs again.
      """;
    }
    String behind =
        hasAny(found, Place.BEHIND)
            ? """
            BEHIND: the group was led later than any entry here tells, so entries are missing. Other
            nodes may have them: look there first.

            """
            : "";
    return behind
        + """
        Nothing was changed. If %s
        are gone for good, look at every node that is left: recover only one of them, the one with
        the highest last terms and, for equal ones, the last entries farthest on. Whatever the lost
        nodes acknowledged beyond that is lost; commits that were on their way may appear.

          kindstead recover --unsafe --data-dir ...
        """
            .formatted(String.join(" and ", found.others()));
  }

  private static String recovered(Found found) {
    return """
    Recovered as %s, of this node alone.

    May be lost: every write that a majority without this node acknowledged behind the entries
    above, and transactions over several shards of which only some entries were here. May have
    appeared: writes that were on their way when it stopped.
    Never start %s, or any other node
    of the cluster before, again with the data they had. Start this node without
    --join, then two more with empty data directories and --join at it.
    """
        .formatted(found.cluster(), String.join(" or ", found.others()));
  }
}

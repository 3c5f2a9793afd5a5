package dev.kindstead.directory;

import dev.kindstead.directory.ClusterDescription.Quorum;
import dev.kindstead.directory.ClusterDescription.Report;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is told to who wants something changed while too few nodes with a vote answer to agree on
 * it. Pure.
 */
public record MissingMajority(ClusterDescription cluster) {
  /** Why nothing can be changed, and what to do; empty while a majority answers. */
  public String whyNot() {
    Quorum quorum = cluster.quorum();
    if (quorum.isMajority()) {
      return "";
    }
    if (quorum.voters().isEmpty()) {
      return "no node with a vote answers this one, so nothing was done: start them, or ask another"
          + " node";
    }
    return "no majority: %d of %d nodes with a vote answer, %d are needed, so nothing was done. Start again, with the data directories they had: %s. If these are lost for good, see `kindstead recover`"
        .formatted(
            quorum.reachable(),
            quorum.voters().size(),
            quorum.needed(),
            missing(quorum).stream().map(this::named).collect(Collectors.joining(", ")));
  }

  private List<String> missing(Quorum quorum) {
    var missing = new TreeSet<>(quorum.voters());
    cluster.reachable().forEach(node -> missing.remove(node.nodeId()));
    return List.copyOf(missing);
  }

  private String named(String nodeId) {
    Optional<String> address =
        cluster.nodes().stream()
            .map(Report::description)
            .filter(node -> node.nodeId().equals(nodeId))
            .map(NodeDescription::nodeAddress)
            .filter(at -> !at.isEmpty())
            .findFirst();
    return address.map(at -> "%s at %s".formatted(nodeId, at)).orElse(nodeId);
  }
}

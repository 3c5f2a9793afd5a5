package dev.kindstead.directory;

import java.util.List;

/**
 * A node that shall serve no more: whether that may begin, and what is left of it. Pure.
 *
 * @param cluster as of now
 * @param nodeId who is drained
 */
public record Drain(ClusterDescription cluster, String nodeId) {
  private static final String NO_OTHER =
      "no other node could serve in its place: those with a vote are drained, stop or do not"
          + " answer. Start one of them again first";

  /** Why it may not begin, or empty. */
  public String whyNot() {
    String missing = new MissingMajority(cluster).whyNot();
    if (!missing.isEmpty()) {
      return missing;
    }
    return cluster.couldServeWithout(nodeId) ? "" : NO_OTHER;
  }

  /** Names of the groups that the node still leads. */
  public List<String> left() {
    return cluster.groups().stream()
        .filter(
            group -> cluster.leader(group).filter(node -> node.nodeId().equals(nodeId)).isPresent())
        .toList();
  }

  /** Whether the node leads nothing, and another one serves. */
  public boolean isOver() {
    return left().isEmpty()
        && cluster.serving().filter(node -> !node.nodeId().equals(nodeId)).isPresent();
  }
}

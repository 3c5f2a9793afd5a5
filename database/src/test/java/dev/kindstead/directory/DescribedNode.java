package dev.kindstead.directory;

import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.NodePlace;
import java.util.List;
import java.util.Optional;

/** Descriptions of nodes for tests that care for a few of their fields. */
public final class DescribedNode {
  private DescribedNode() {}

  public static NodeDescription of(
      String nodeId,
      int number,
      boolean serves,
      List<ReplicaDescription> replicas,
      NodeCondition condition) {
    return new NodeDescription(
        "cluster-1",
        nodeId,
        number,
        "",
        "",
        NodePlace.ANYWHERE,
        "",
        "",
        1,
        Optional.empty(),
        serves,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        replicas,
        condition);
  }
}

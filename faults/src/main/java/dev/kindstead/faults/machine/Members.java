package dev.kindstead.faults.machine;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.replication.ReplicaStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who has votes and replicas, as the nodes tell it, and changes of that. Confined to one thread.
 */
public final class Members {
  private final Cluster cluster;

  Members(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The id of the data directory that a running node has now. */
  public Optional<String> id(Node node) {
    return cluster.describe().stream()
        .flatMap(seen -> seen.reachable().stream())
        .filter(each -> each.apiAddress().equals(node.hostAndPort()))
        .map(NodeDescription::nodeId)
        .findFirst();
  }

  public boolean hasVote(String nodeId) {
    return cluster.describe().filter(seen -> seen.quorum().voters().contains(nodeId)).isPresent();
  }

  /** A node that answers and has no vote. */
  public Optional<String> withoutVote() {
    return cluster
        .describe()
        .flatMap(seen ->
            seen.reachable().stream()
                .map(NodeDescription::nodeId)
                .filter(id -> !seen.quorum().voters().contains(id) && !seen.isRemoved(id))
                .findFirst());
  }

  /**
   * Asks as {@code kindstead node add} and {@code remove} do; empty when it was done, else why not.
   */
  public String change(String action, String nodeId) {
    return cluster.post("/cluster/" + action, nodeId);
  }

  /** Whether it came about within the bound that a node has neither vote nor replica. */
  public boolean isOutWithin(Duration max, String nodeId) {
    return Pause.until(max, () -> sees(seen -> isOut(seen, nodeId)));
  }

  private boolean sees(Predicate<ClusterDescription> what) {
    return cluster.describe().filter(what).isPresent();
  }

  /** By the word of all leaders: where there is none, nobody can say. */
  private static boolean isOut(ClusterDescription seen, String nodeId) {
    return seen.serving().isPresent()
        && !seen.quorum().voters().isEmpty()
        && seen.groups().stream()
            .allMatch(group ->
                seen.leader(group)
                    .flatMap(leader -> leader.replica(group))
                    .map(ReplicaStatus::voters)
                    .filter(voters -> !voters.contains(nodeId))
                    .isPresent());
  }
}

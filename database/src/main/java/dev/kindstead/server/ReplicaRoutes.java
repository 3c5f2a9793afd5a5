package dev.kindstead.server;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.Survey;
import dev.kindstead.placement.NodeChoice;
import dev.kindstead.placement.RoutePolicy;
import dev.kindstead.protocol.ReplicaNodes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Where a spare node sends reads that may be old: to the nodes with replicas that have answered the
 * last survey. Thread-safe.
 */
final class ReplicaRoutes implements ReplicaNodes {
  private static final int SAME_ZONE = 4;
  private static final int SAME_REGION = 2;
  private static final int ELSEWHERE = 1;

  private final Supplier<ClusterDescription> cluster;
  private final BooleanSupplier hasReplicas;
  private final NodeChoice choice;

  /**
   * @param hasReplicas whether this node needs no others
   * @param zone this node's, empty for none; near nodes count more where the policy weighs
   */
  ReplicaRoutes(
      Survey survey,
      BooleanSupplier hasReplicas,
      RoutePolicy policy,
      String zone,
      String region,
      RandomGenerator random) {
    cluster = survey::latest;
    this.hasReplicas = hasReplicas;
    choice = new NodeChoice(policy, node -> weight(node, zone, region), random);
  }

  private int weight(String nodeId, String zone, String region) {
    return cluster.get().reachable().stream()
        .filter(node -> node.nodeId().equals(nodeId))
        .findFirst()
        .map(node ->
            !zone.isEmpty() && node.place().zone().equals(zone)
                ? SAME_ZONE
                : !region.isEmpty() && node.region().equals(region) ? SAME_REGION : ELSEWHERE)
        .orElse(ELSEWHERE);
  }

  @Override
  public Optional<String> choose() {
    if (hasReplicas.getAsBoolean()) {
      return Optional.empty();
    }
    ClusterDescription now = cluster.get();
    Set<String> voters = now.quorum().voters();
    List<String> nodes =
        now.reachable().stream().map(NodeDescription::nodeId).filter(voters::contains).toList();
    return nodes.isEmpty() ? Optional.empty() : Optional.of(choice.choose(nodes));
  }

  @Override
  public boolean isThere(String nodeId) {
    return cluster.get().reachable().stream().anyMatch(node -> node.nodeId().equals(nodeId));
  }

  @Override
  public void ended(String nodeId, long nanos) {
    choice.ended(nodeId, nanos);
  }
}

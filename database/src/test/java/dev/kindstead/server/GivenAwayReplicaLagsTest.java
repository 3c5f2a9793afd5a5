package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.DescribedNode;
import dev.kindstead.directory.NodeCondition;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.directory.Survey;
import dev.kindstead.environment.HandTime;
import dev.kindstead.environment.Network;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a node had of a shard that has moved away stays on its disk, and falls behind for ever. */
final class GivenAwayReplicaLagsTest {
  private static final String GROUP = "shard-0000";

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final HandTime time = new HandTime();

  private static NodeDescription node(
      String nodeId, Role role, long appliedLogIndex, List<String> voters) {
    var status = new ReplicaStatus(role, "node-b", 4, appliedLogIndex, 70, 70, voters);
    return DescribedNode.of(
        nodeId, 0, false, List.of(new ReplicaDescription(GROUP, status, 0)), NodeCondition.UNKNOWN);
  }

  /** This node has applied five of the 70 entries of the leader's log. */
  private double lag(List<String> votersByTheLeader) {
    NodeDescription self =
        node("node-a", Role.LEADERLESS, 5, List.of("node-a", "node-b", "node-c"));
    NodeDescription leader = node("node-b", Role.LEADS, 70, votersByTheLeader);
    var network =
        new Network() {
          @Override
          public CompletableFuture<byte[]> call(
              String nodeId, Service service, byte[] request, Duration timeout) {
            return new Survey(Network.NONE, () -> leader, Map::of, time).handle("node-a", request);
          }

          @Override
          public void serve(Service service, Handler handler) {}
        };
    var survey = new Survey(network, () -> self, () -> Map.of("node-b", "b:1"), time);
    survey.ask().join();
    new ClusterMetrics(() -> self, survey).register(metrics, List.of(GROUP));
    return metrics.get("kindstead.replica.lag.entries").gauge().value();
  }

  @Test
  void whatIsLeftOfItIsNoReplicaThatLags() {
    assertThat(lag(List.of("node-b", "node-c", "node-d"))).isNaN();
  }

  @Test
  void aReplicaThatVotesLags() {
    assertThat(lag(List.of("node-a", "node-b", "node-c"))).isEqualTo(65);
  }
}

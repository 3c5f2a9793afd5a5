package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes that are all drained must not hand the service round among them. */
final class AllDrainedTest {
  private static final List<String> VOTERS = List.of("node-a", "node-b", "node-c");

  private final List<Report> reports = new ArrayList<>();

  private void there(String nodeId, boolean draining, String failure) {
    var replica = new ReplicaStatus(Role.FOLLOWS, "node-a", 4, 9, 9, 9, VOTERS);
    var description =
        DescribedNode.of(
            nodeId,
            1,
            false,
            List.of(new ReplicaDescription(NodeDescription.SYSTEM_GROUP, replica, 0)),
            new NodeCondition(draining, Optional.empty(), Optional.empty(), Map.of()));
    reports.add(new Report(description, failure, Optional.empty()));
  }

  private ClusterDescription cluster() {
    return new ClusterDescription("node-a", Instant.EPOCH, reports);
  }

  @Test
  void oneThatIsNotDrainedServesInTheirPlace() {
    there("node-a", true, "");
    there("node-b", true, "");
    there("node-c", false, "");
    assertThat(cluster().draining()).containsExactlyInAnyOrder("node-a", "node-b");
    assertThat(cluster().couldServeWithout("node-a")).isTrue();
    assertThat(cluster().couldServeWithout("node-c")).isFalse();
  }

  @Test
  void whoDoesNotAnswerOrHasNoVoteIsNoHelp() {
    there("node-a", true, "");
    there("node-b", true, "");
    there("node-c", false, "connection refused");
    there("node-spare", false, "");
    assertThat(cluster().couldServeWithout("node-a")).isFalse();
    assertThat(
            new ClusterDescription("node-a", Instant.EPOCH, List.of()).couldServeWithout("node-a"))
        .isFalse();
  }
}

package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where nobody leads anything, because too few are left, a node that leads nothing is no news. */
final class DrainWithoutMajorityTest {
  private static final List<String> VOTERS =
      List.of("node-a", "node-b", "node-c", "node-d", "node-e");

  private final List<Report> reports = new ArrayList<>();

  private void there(String nodeId, Role ofSystem, Role ofShard) {
    reports.add(
        new Report(
            DescribedNode.of(
                nodeId,
                1 + VOTERS.indexOf(nodeId),
                ofSystem == Role.LEADS,
                List.of(replica("system", ofSystem), replica("shard-0000", ofShard)),
                NodeCondition.UNKNOWN),
            "",
            Optional.empty()));
  }

  private static ReplicaDescription replica(String group, Role role) {
    return new ReplicaDescription(group, new ReplicaStatus(role, "", 4, 9, 9, 9, VOTERS), 0);
  }

  private void isLost(String nodeId) {
    reports.add(
        new Report(
            NodeDescription.ofUnseen("cluster-1", nodeId, nodeId + ":8082"),
            "connection refused",
            Optional.empty()));
  }

  private ClusterDescription cluster() {
    return new ClusterDescription("node-a", Instant.EPOCH, reports);
  }

  private Drain drain(String nodeId) {
    return new Drain(cluster(), nodeId);
  }

  @Test
  void twoOfFiveAreToldWhoIsMissingAndWhatToDo() {
    there("node-a", Role.LEADERLESS, Role.LEADERLESS);
    there("node-b", Role.LEADERLESS, Role.LEADERLESS);
    List.of("node-c", "node-d", "node-e").forEach(this::isLost);
    assertThat(drain("node-a").whyNot())
        .isEqualTo(new MissingMajority(cluster()).whyNot())
        .isEqualTo(
            "no majority: 2 of 5 nodes with a vote answer, 3 are needed, so nothing was done. Start"
                + " again, with the data directories they had: node-c at node-c:8082, node-d at"
                + " node-d:8082, node-e at node-e:8082. If these are lost for good, see `kindstead"
                + " recover`");
    assertThat(drain("node-a").isOver()).as("nobody has taken over").isFalse();
  }

  @Test
  void whoHearsOfNoVoterAtAllSaysThat() {
    assertThat(new MissingMajority(cluster()).whyNot()).contains("no node with a vote answers");
  }

  @Test
  void withAMajorityItIsOverWhenNothingIsLeft() {
    there("node-a", Role.FOLLOWS, Role.LEADS);
    there("node-b", Role.LEADS, Role.FOLLOWS);
    there("node-c", Role.FOLLOWS, Role.FOLLOWS);
    assertThat(drain("node-a").whyNot()).isEmpty();
    assertThat(drain("node-a").left()).containsExactly("shard-0000");
    assertThat(drain("node-a").isOver()).isFalse();
    assertThat(drain("node-b").left()).containsExactly("system");
    assertThat(drain("node-c").isOver()).isTrue();
  }
}

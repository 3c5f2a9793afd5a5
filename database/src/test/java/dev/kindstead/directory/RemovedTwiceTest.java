package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node that is removed is stopped soon: two of three replicas of a shard must not go so. */
final class RemovedTwiceTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<String> NODES = List.of("a", "b", "c", "d", "e");
  private static final List<String> GROUPS = List.of("system", "shard-0000");

  /** Groups' voters, the leader first. */
  private final Map<String, List<String>> voters =
      new LinkedHashMap<>(
          Map.of("system", List.of("a", "b", "c"), "shard-0000", List.of("b", "c", "d")));

  private final List<String> silent = new ArrayList<>();

  private String whyNot(String nodeId, String... removed) {
    List<Report> reports =
        NODES.stream()
            .map(node ->
                new Report(
                    describe(node), silent.contains(node) ? "refused" : "", Optional.empty()))
            .toList();
    return new Removal(new ClusterDescription("a", NOW, reports), Set.of(removed), nodeId)
        .whyNot(GROUPS);
  }

  private NodeDescription describe(String node) {
    List<ReplicaDescription> replicas = new ArrayList<>();
    voters.forEach((group, all) -> {
      if (all.contains(node)) {
        Role role = all.getFirst().equals(node) ? Role.LEADS : Role.FOLLOWS;
        replicas.add(
            new ReplicaDescription(
                group, new ReplicaStatus(role, all.getFirst(), 4, 9, 9, 9, all), 0));
      }
    });
    return DescribedNode.of(
        node, 1 + NODES.indexOf(node), node.equals("a"), replicas, NodeCondition.UNKNOWN);
  }

  @Test
  void oneAfterTheOther() {
    assertThat(whyNot("c")).isEmpty();
    assertThat(whyNot("d", "c"))
        .contains("without node d, shard-0000 would keep 1 of 3 replicas")
        .contains("c was removed before")
        .contains("wait until `kindstead cluster status` calls it removed");
    assertThat(whyNot("b", "c")).contains("system");
    voters.put("system", List.of("a", "b", "e"));
    voters.put("shard-0000", List.of("b", "e", "d"));
    assertThat(whyNot("d", "c")).as("rebuilt elsewhere").isEmpty();
  }

  @Test
  void whoIsRemovedAlreadyMayBeNamedAgain() {
    assertThat(whyNot("c", "c", "b")).isEmpty();
  }

  @Test
  void ofFiveTwo() {
    voters.put("system", NODES);
    voters.put("shard-0000", NODES);
    assertThat(whyNot("d", "c")).isEmpty();
    assertThat(whyNot("b", "c", "d"))
        .contains("would keep 2 of 5")
        .contains("c and d were removed before, and what they have");
  }

  @Test
  void whoDoesNotAnswerCountsAsMissingAndMayBeRemovedItself() {
    silent.add("c");
    assertThat(whyNot("c")).isEmpty();
    assertThat(whyNot("d")).contains("c does not answer: start it, or remove it first");
    assertThat(whyNot("e")).isEmpty();
  }

  @Test
  void aGroupThatNobodyLeadsForbidsIt() {
    silent.add("b");
    assertThat(whyNot("e")).contains("shard-0000 has no leader now");
  }
}

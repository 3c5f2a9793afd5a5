package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.Move;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import dev.kindstead.telemetry.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who does not answer must be seen, and must not hide the others. */
final class SurveyTest {
  private static final List<String> IDS = List.of("node-a", "node-b", "node-c");

  private final Map<String, MembershipMessages> running = new HashMap<>();
  private long nowMicros = 1_000_000_000L;

  private final Clock clock =
      new Clock() {
        @Override
        public long wallMicros() {
          return nowMicros;
        }

        @Override
        public long monotonicNanos() {
          return nowMicros * 1_000;
        }
      };

  private class Wire implements Network {
    @Override
    public CompletableFuture<byte[]> call(
        String nodeId, Service service, byte[] request, Duration timeout) {
      MembershipMessages other = running.get(nodeId);
      return other == null
          ? CompletableFuture.failedFuture(new NotDelivered("nobody there"))
          : other.handle("node-a", request);
    }

    @Override
    public void serve(Service service, Handler handler) {}
  }

  private static ReplicaStatus replica(Role role, long lastLogIndex, List<String> voters) {
    return new ReplicaStatus(
        role, "node-b", 7, role == Role.LEADS ? 40 : 37, 38, lastLogIndex, voters);
  }

  private static NodeDescription description(String id) {
    return description(id, replica(id.equals("node-b") ? Role.LEADS : Role.FOLLOWS, 40, IDS));
  }

  private static NodeDescription description(String id, ReplicaStatus status) {
    boolean serves = id.equals("node-b");
    return new NodeDescription(
        "cluster-1",
        id,
        IDS.indexOf(id) + 1,
        id + ":8081",
        id + ":8082",
        new NodePlace("rack \"1\"", 2),
        "",
        "1.0",
        12,
        Optional.of(Instant.parse("2026-01-02T03:04:05Z")),
        serves,
        Optional.of(new Disk(5_000_000_000L, 9_007_199_254_740_991L)),
        serves
            ? Optional.of(
                new Move("system", List.of("node-c"), List.of(), Instant.ofEpochSecond(990)))
            : Optional.empty(),
        serves ? List.of("node-x") : List.of(),
        List.of(new ReplicaDescription("system", status, 4_096)),
        new NodeCondition(
            serves,
            Optional.of(Instant.ofEpochSecond(1_000 + IDS.indexOf(id))),
            Optional.of(Instant.ofEpochSecond(999)),
            Map.of("history-retention", serves ? "3600s" : "600s")));
  }

  private Survey start(String id) {
    return start(id, description(id).replica("system").orElseThrow());
  }

  private Survey start(String id, ReplicaStatus status) {
    var survey =
        new Survey(new Wire(), () -> description(id, status), () -> Map.of("node-c", "c:1"), clock);
    var messages = new MembershipMessages();
    messages.on(Survey.MESSAGE, survey);
    running.put(id, messages);
    return survey;
  }

  @Test
  void everyNodeDescribesItself() {
    start("node-b");
    start("node-c");
    ClusterDescription cluster = start("node-a").ask().join();
    assertThat(cluster.reachable()).containsExactlyElementsOf(descriptions());
    assertThat(cluster.nodes()).extracting(Report::isReachable).containsOnly(true);
    assertThat(cluster.serving()).contains(description("node-b"));
    assertThat(cluster.quorum().isMajority()).isTrue();
    assertThat(cluster.quorum().voters()).containsExactlyInAnyOrderElementsOf(IDS);
    var behind = cluster.reachable().getFirst().replica("system").orElseThrow();
    assertThat(cluster.lagEntries("system", behind)).hasValue(3);
  }

  /** Their answers took four seconds, so they were written two after the beginning. */
  @Test
  void clocksAreComparedAsOfOneMoment() {
    start("node-b");
    start("node-c");
    Survey survey =
        new Survey(
            new Wire() {
              @Override
              public CompletableFuture<byte[]> call(
                  String nodeId, Service service, byte[] request, Duration timeout) {
                var answer = super.call(nodeId, service, request, timeout);
                nowMicros += nodeId.equals("node-c") ? 4_000_000 : 0;
                return answer;
              }
            },
            () -> description("node-a"),
            Map::of,
            clock);
    var oddities = new ClusterOddities(survey.ask().join());
    assertThat(oddities.clocksAhead())
        .containsEntry("node-a", Duration.ZERO)
        .containsEntry("node-b", Duration.ofSeconds(1))
        .containsEntry("node-c", Duration.ZERO);
    assertThat(oddities.differingSettings())
        .containsOnlyKeys("history-retention")
        .containsEntry(
            "history-retention",
            new TreeMap<>(Map.of("3600s", List.of("node-b"), "600s", List.of("node-a", "node-c"))));
  }

  private static List<NodeDescription> descriptions() {
    return IDS.stream().map(SurveyTest::description).toList();
  }

  @Test
  void whoAnswersNoMoreIsListedWithWhatWasLastKnown() {
    Survey survey = start("node-a");
    start("node-b");
    start("node-c");
    survey.ask().join();
    running.remove("node-b");
    running.remove("node-c");
    nowMicros += 9_000_000;
    ClusterDescription cluster = survey.ask().join();
    assertThat(survey.latest()).isEqualTo(cluster);
    Report gone = cluster.nodes().get(2);
    assertThat(gone.description().nodeId()).isEqualTo("node-c");
    assertThat(gone.failure()).isEqualTo("nobody there");
    assertThat(gone.lastSeen()).contains(cluster.time().minusSeconds(9));
    assertThat(gone.description().nodeAddress()).isEqualTo("c:1");
    assertThat(gone.description().apiAddress()).isEqualTo("node-c:8081");
    assertThat(gone.description().replicas()).isEmpty();
    assertThat(cluster.serving()).isEmpty();
    assertThat(cluster.quorum().isMajority()).isFalse();
  }

  /**
   * Also of one that was gone before this node was started; a clock that is set changes nothing.
   */
  @Test
  void howLongANodeHasNotAnsweredIsCountedFromTheFirstSurveyThatMissedIt() {
    Survey survey = start("node-a");
    start("node-b");
    survey.ask().join();
    assertThat(survey.silent()).containsOnly(Map.entry("node-c", Duration.ZERO));
    nowMicros += 9_000_000;
    running.remove("node-b");
    survey.ask().join();
    nowMicros += 1_000_000;
    assertThat(survey.silent())
        .containsOnly(
            Map.entry("node-b", Duration.ofSeconds(1)),
            Map.entry("node-c", Duration.ofSeconds(10)));
    start("node-c");
    survey.ask().join();
    assertThat(survey.silent()).containsOnlyKeys("node-b");
  }

  /** Its place was taken by d in the same term, which whoever is out as well has not heard. */
  @Test
  void whoIsGoneForGoodIsNoLossThoughAReplicaThatWasGivenAwayNamesIt() {
    List<String> now = List.of("node-b", "node-d", "node-e");
    var own = replica(Role.LEADERLESS, 20, IDS);
    var survey =
        new Survey(
            new Wire(), () -> description("node-a", own), () -> Map.of("node-b", "b:1"), clock);
    start("node-b", replica(Role.LEADS, 40, now));
    ClusterDescription cluster = survey.ask().join();
    assertThat(cluster.nodes())
        .extracting(each -> each.description().nodeId())
        .containsExactly("node-a", "node-b");
    assertThat(cluster.quorum().voters()).containsExactlyInAnyOrderElementsOf(now);
    running.clear();
    assertThat(survey.ask().join().nodes())
        .as("as long as nobody knows better")
        .extracting(each -> each.description().nodeId())
        .containsExactly("node-a", "node-b", "node-c");
  }

  @Test
  void aNodeThatIsStillStartingIsNotCounted() {
    running.put("node-b", new MembershipMessages());
    ClusterDescription cluster = start("node-a").ask().join();
    assertThat(cluster.reachable()).extracting(NodeDescription::nodeId).containsExactly("node-a");
    assertThat(cluster.nodes()).extracting(Report::failure).anyMatch(it -> it.contains("describe"));
  }

  @Test
  void jsonSaysTheSame() {
    Survey survey = start("node-a");
    start("node-b");
    ClusterDescription cluster = survey.ask().join();
    String json = Json.write(DescriptionJson.tree(cluster));
    assertThat(DescriptionJson.readCluster(json)).isEqualTo(cluster);
    assertThat(json)
        .contains("\"serving_node_id\": \"node-b\"")
        .contains("\"has_majority\": true")
        .contains("\"copied_bytes\": 0")
        .contains("\"all_bytes\": 5000000000")
        .contains("\"zone\": \"rack \\\"1\\\"\"")
        .contains("\"weight\": 2")
        .contains("\"lag_entries\": 3")
        .contains("\"disk_free_bytes\": 9007199254740991");
  }

  @Test
  void fieldsOfALaterVersionArePassedOver() {
    var node =
        DescriptionJson.readNode(
            "{\"node_id\": \"node-z\", \"moon\": [1], \"replicas\": [{\"group\": \"system\","
                + " \"role\": \"dances\"}]}");
    assertThat(node.nodeId()).isEqualTo("node-z");
    assertThat(node.replica("system").orElseThrow().role()).isEqualTo(Role.LEADERLESS);
  }
}

package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.NodeCondition;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.Move;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is wrong must be read first. */
final class ClusterTablesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<String> IDS = List.of("node-a", "node-b", "node-c");

  private final List<Report> reports = new ArrayList<>();
  private final Map<String, NodeCondition> conditions = new HashMap<>();
  private Optional<Move> move = Optional.empty();
  private List<String> removed = List.of();

  private ClusterTables tables() {
    return new ClusterTables(new ClusterDescription("node-a", NOW, reports));
  }

  private void answers(String id, Role role, long appliedLogIndex) {
    reports.add(
        new Report(
            description(
                id,
                role == Role.LEADS,
                List.of(replica("shard-0000", role, appliedLogIndex), replica("system", role, 9))),
            "",
            Optional.empty()));
  }

  private void isLost(String id) {
    reports.add(
        new Report(
            description(id, false, List.of()),
            "connection refused",
            Optional.of(NOW.minusSeconds(31))));
  }

  private NodeDescription description(
      String id, boolean serves, List<ReplicaDescription> replicas) {
    int number = IDS.indexOf(id) + 1;
    return new NodeDescription(
        "cluster-1",
        id,
        number,
        "localhost:" + (8_080 + number),
        "127.0.0.1:" + (7_000 + number),
        number == 1 ? new NodePlace("rack-1", 3) : NodePlace.ANYWHERE,
        "",
        "1.0",
        3,
        Optional.of(NOW.minusSeconds(7_300)),
        serves,
        Optional.of(new Disk(id.equals("node-d") ? 9 << 20 : 12 << 20, 3L << 30)),
        serves ? move : Optional.empty(),
        removed,
        replicas,
        conditions.getOrDefault(id, NodeCondition.UNKNOWN));
  }

  private static ReplicaDescription replica(String group, Role role, long appliedLogIndex) {
    return replica(group, role, appliedLogIndex, IDS);
  }

  private static ReplicaDescription replica(
      String group, Role role, long appliedLogIndex, List<String> voters) {
    long last = group.equals("system") ? 9 : 70;
    return new ReplicaDescription(
        group,
        new ReplicaStatus(role, "", 4, appliedLogIndex, last, last, voters),
        appliedLogIndex << 20);
  }

  @Test
  void threeNodesAtWork() {
    answers("node-a", Role.FOLLOWS, 68);
    answers("node-b", Role.LEADS, 70);
    answers("node-c", Role.FOLLOWS, 70);
    assertThat(tables().status())
        .isEqualTo(
            """
            Cluster cluster-1: node 2 serves (localhost:8082), 3 of 3 nodes reachable.

            NODE  STATE    LAG  API             ID      DISK USED  DISK FREE  VERSION
            1     follows  2    localhost:8081  node-a  12 MiB     3 GiB      1.0
            2     serves   0    localhost:8082  node-b  12 MiB     3 GiB      1.0
            3     follows  0    localhost:8083  node-c  12 MiB     3 GiB      1.0
            """);
    assertThat(tables().shards())
        .isEqualTo(
            """
            GROUP       LEADER  TERM  LAST ENTRY  REPLICAS
            system      node 2  4     9           node 1 lag 0, node 2 leads, node 3 lag 0
            shard-0000  node 2  4     70          node 1 lag 2, node 2 leads, node 3 lag 0
            """);
    assertThat(tables().nodes())
        .startsWith(
            """
            NODE  STATE    ID      API             NODES           ZONE    WEIGHT  REGION  VERSION  START  RUNS
            1     follows  node-a  localhost:8081  127.0.0.1:7001  rack-1  3       -       1.0      3      2 h
            """);
    assertThat(tables().isServed()).isTrue();
  }

  @Test
  void aLostNodeIsNamedAndWhatItCosts() {
    answers("node-a", Role.FOLLOWS, 70);
    answers("node-b", Role.LEADS, 70);
    isLost("node-c");
    assertThat(tables().status())
        .contains("2 of 3 nodes reachable.\nIf one more voting node is lost, nothing can be")
        .contains("3     UNREACHABLE  -    localhost:8083")
        .endsWith("\nnode 3 at 127.0.0.1:7003: connection refused; last seen 31 s ago\n");
    assertThat(tables().shards()).contains("node 2 leads, node 3 UNREACHABLE");
  }

  /** All that vote are there, and yet the next node that is lost may take a shard with it. */
  @Test
  void aShardThatHasJustEnoughReplicasIsNamed() {
    List<String> spread = List.of("node-a", "node-b", "node-d");
    for (String id : IDS) {
      Role role = id.equals("node-b") ? Role.LEADS : Role.FOLLOWS;
      var replicas = new ArrayList<>(List.of(replica("system", role, 9)));
      replicas.add(replica("shard-0000", role, 70, spread));
      replicas.add(replica("shard-0001", role, 70));
      reports.add(new Report(description(id, role == Role.LEADS, replicas), "", Optional.empty()));
    }
    isLost("node-d");
    assertThat(tables().status())
        .contains(
            "3 of 4 nodes reachable.\nIf one more of their nodes is lost, these can't be written,"
                + " nor read as of now: shard-0000 (2 of 3 replicas answer).\n\n");
  }

  @Test
  void aMissingMajorityIsTheFirstThingToRead() {
    answers("node-a", Role.LEADERLESS, 70);
    isLost("node-b");
    isLost("node-c");
    assertThat(tables().status())
        .startsWith(
            """
            Cluster cluster-1: NOBODY SERVES, 1 of 3 nodes reachable.
            NO MAJORITY: 1 of 3 voting nodes answer, 2 are needed. Nothing can be written, nor read
            as of now. Reads with a read_time in the past are answered by the nodes that are there.
            Start the missing ones again, with the data directories they had.

            """)
        .contains("1     NO LEADER");
    assertThat(tables().shards()).contains("shard-0000  NONE");
    assertThat(tables().isServed()).isFalse();
  }

  private void is(String id, boolean draining, long secondsAhead, Map<String, String> settings) {
    conditions.put(
        id,
        new NodeCondition(
            draining,
            Optional.of(NOW.plusSeconds(secondsAhead)),
            Optional.of(NOW.minusSeconds(7)),
            settings));
  }

  @Test
  void whatIsStillReadableWithoutAMajorityIsTold() {
    is("node-a", false, 0, Map.of());
    answers("node-a", Role.LEADERLESS, 70);
    isLost("node-b");
    isLost("node-c");
    assertThat(tables().status())
        .contains("\nReadable at node 1: read_time up to 2026-01-02T03:03:58Z.\n");
  }

  @Test
  void aShardWithoutAMajorityIsToldFromOneThatElects() {
    answers("node-b", Role.LEADS, 70);
    reports.add(
        new Report(
            description("node-a", false, List.of(replica("shard-0001", Role.LEADERLESS, 3))),
            "",
            Optional.empty()));
    isLost("node-c");
    assertThat(tables().status()).contains("Without a leader: shard-0001.");
    reports.removeFirst();
    reports.add(
        new Report(
            description("node-e", true, List.of(replica("system", Role.LEADS, 9))),
            "",
            Optional.empty()));
    assertThat(tables().status())
        .contains("Without a leader: shard-0001 (1 of 3 replicas answer, 2 are needed).");
  }

  @Test
  void whoIsDrainedOrLeavesIsShownAsThat() {
    removed = List.of("node-c");
    is("node-a", true, 0, Map.of());
    answers("node-a", Role.FOLLOWS, 70);
    answers("node-b", Role.LEADS, 70);
    answers("node-c", Role.FOLLOWS, 70);
    assertThat(tables().status())
        .contains("1     follows, draining  0")
        .contains("2     serves             0")
        .contains("3     leaving            0");
  }

  /** Its vote is still to be given to another one. */
  @Test
  void whoIsRemovedAndDoesNotAnswerIsShownAsBoth() {
    removed = List.of("node-c");
    answers("node-a", Role.FOLLOWS, 70);
    answers("node-b", Role.LEADS, 70);
    isLost("node-c");
    assertThat(tables().nodes()).contains("3     UNREACHABLE, leaving  node-c");
  }

  @Test
  void aClockThatIsApartAndSettingsThatDifferAreNamed() {
    is("node-a", false, 0, Map.of("history-retention", "3600s", "leaders", "spread"));
    is("node-b", false, 1_200, Map.of("history-retention", "600s", "leaders", "spread"));
    is("node-c", false, 1, Map.of("history-retention", "3600s", "leaders", "spread"));
    answers("node-a", Role.FOLLOWS, 70);
    answers("node-b", Role.LEADS, 70);
    answers("node-c", Role.FOLLOWS, 70);
    assertThat(tables().status())
        .contains(
            """
            The clock of node 2 is 1199 s ahead of most others': set it right, and have NTP keep it.
            Settings differ: history-retention is 3600s on node 1 and node 3, 600s on node 2. Start all nodes with the same.
            """);
  }

  @Test
  void aStoppedReplicaIsNamed() {
    answers("node-a", Role.STOPPED, 5);
    answers("node-b", Role.LEADS, 70);
    answers("node-c", Role.FOLLOWS, 70);
    assertThat(tables().status()).contains("Stopped replicas on node 1: shard-0000, system.");
  }

  @Test
  void aMoveIsToldWithHowFarItIs() {
    move =
        Optional.of(new Move("system", List.of("node-d"), List.of("node-c"), NOW.minusSeconds(30)));
    answers("node-a", Role.FOLLOWS, 70);
    answers("node-b", Role.LEADS, 70);
    isLost("node-c");
    answers("node-d", Role.LEADERLESS, 0);
    assertThat(tables().status())
        .contains(
            "\n"
                + "Moving: node-d gets a vote in the place of node 3: 75 %, 9 MiB of 12 MiB copied,"
                + " about 10 s left.\n")
        .contains("-     spare        ");
    assertThat(tables().shards()).doesNotContain("node-d");
  }

  @Test
  void aMoveOfAShardIsToldByWhoLeadsIt() {
    move =
        Optional.of(
            new Move("shard-0000", List.of("node-d"), List.of("node-c"), NOW.minusSeconds(30)));
    answers("node-a", Role.FOLLOWS, 70);
    answers("node-b", Role.LEADS, 70);
    answers("node-c", Role.FOLLOWS, 70);
    answers("node-d", Role.LEADERLESS, 35);
    assertThat(tables().status())
        .contains(
            "\n"
                + "Moving: replicas of shard-0000 to node-d (50 % of its log) in the place of node"
                + " 3, for 30 s: 35 MiB of 70 MiB copied, about 30 s left.\n");
  }
}

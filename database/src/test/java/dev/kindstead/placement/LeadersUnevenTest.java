package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.HandTime;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Leaders that gather on one node leave the others idle; those that never rest serve nobody. */
final class LeadersUnevenTest {
  private static final List<String> NODES = List.of("a", "b", "c");
  private static final int SHARDS = 6;

  private final FakeLog system = new FakeLog("b", Members.NOBODY);
  private final List<FakeLog> shards = new ArrayList<>();
  private final Map<String, LeaderPlacement> placements = new HashMap<>();
  private final HandTime time = new HandTime();
  private final Set<String> draining = new HashSet<>();
  private Optional<Roster> roster = Optional.empty();
  private int rosters;

  private void start(LeaderPlacement.Policy policy) {
    for (int i = 0; i < SHARDS; i++) {
      var shard = new FakeLog("a", Members.NOBODY);
      shard.answer("a", "b", "c");
      shards.add(shard);
    }
    for (String node : NODES) {
      var placement =
          new LeaderPlacement(
              policy,
              List.<ReplicatedLog>copyOf(shards),
              new ReplicaPlacement(
                  SHARDS,
                  () -> {
                    rosters++;
                    return roster;
                  }),
              system::leader,
              () -> draining,
              node,
              time,
              time);
      placements.put(node, placement);
      placement.start();
    }
  }

  /** Each node looks once; what is asked for comes about. */
  private void look() {
    NODES.forEach(_ -> time.ring());
    for (FakeLog shard : shards) {
      shard.transfers().forEach(shard::lead);
      shard.transfers().clear();
    }
  }

  private void pass(int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      time.pass(Duration.ofMillis(100));
      look();
    }
  }

  private long led(String node) {
    return shards.stream().filter(shard -> shard.leader().orElse("").equals(node)).count();
  }

  @Test
  void theySpreadOverAllThatAnswer() {
    start(LeaderPlacement.Policy.SPREAD);
    pass(2);
    assertThat(led("a")).as("not at once").isEqualTo(SHARDS);
    pass(3);
    assertThat(led("b")).as("has the system group as well").isLessThanOrEqualTo(2);
    assertThat(NODES).allSatisfy(node -> assertThat(led(node)).isBetween(1L, 3L));
    List<Object> before = new ArrayList<>(shards.stream().map(FakeLog::leader).toList());
    pass(60);
    assertThat(shards.stream().map(FakeLog::leader)).isEqualTo(before);
  }

  @Test
  void whoWeighsMoreLeadsMore() {
    start(LeaderPlacement.Policy.SPREAD);
    pass(10);
    long before = led("c");
    var places = new TreeMap<String, NodePlace>();
    NODES.forEach(node -> places.put(node, new NodePlace("", node.equals("c") ? 6 : 1)));
    roster = Optional.of(new Roster(new TreeSet<>(NODES), places));
    pass(10);
    assertThat(led("c")).isGreaterThan(before).isGreaterThan(led("a") + led("b"));
    roster = Optional.empty();
    pass(70);
    assertThat(led("c")).isEqualTo(before);
  }

  @Test
  void whatADeadNodeLedGoesToTheOthersAndBackWhenItAnswersAgain() {
    start(LeaderPlacement.Policy.SPREAD);
    pass(10);
    long before = led("c");
    for (FakeLog shard : shards) {
      shard.answer("a", "b");
      if (shard.leader().orElse("").equals("c")) {
        shard.lead("a");
      }
    }
    pass(10);
    assertThat(led("a")).isBetween(3L, 4L);
    assertThat(led("a") + led("b")).isEqualTo(SHARDS);
    shards.forEach(shard -> shard.answer("a", "b", "c"));
    pass(70); // whoever did not keep what it was given waits for a minute
    assertThat(led("c")).isEqualTo(before);
  }

  /** It would give back what it gets, and get it again a minute later, as long as it is drained. */
  @Test
  void aDrainedNodeIsGivenNothingUntilItHasBeenStartedAgain() {
    start(LeaderPlacement.Policy.SPREAD);
    pass(10);
    long before = led("c");
    draining.add("c");
    shards.stream()
        .filter(shard -> shard.leader().orElse("").equals("c"))
        .forEach(shard -> shard.lead("a"));
    for (int i = 0; i < 70; i++) {
      pass(1);
      assertThat(led("c")).as("after %d s", i).isZero();
    }
    draining.clear();
    pass(10);
    assertThat(led("c")).isEqualTo(before).isPositive();
  }

  @Test
  void theRosterIsWorkedOutOnceALook() {
    start(LeaderPlacement.Policy.SPREAD);
    rosters = 0;
    look();
    assertThat(rosters).isEqualTo(NODES.size());
  }

  @Test
  void aNodeThatLeavesKeepsNothingAndIsLeftAloneForAWhile() {
    start(LeaderPlacement.Policy.SPREAD);
    pass(10);
    Objects.requireNonNull(placements.get("c")).leave(Set.of());
    shards.forEach(shard -> {
      if (shard.resigned()) {
        shard.lead("a");
      }
    });
    assertThat(led("c")).isZero();
    assertThat(Objects.requireNonNull(placements.get("c")).leadsNothing()).isTrue();
  }

  @Test
  void whereAllLeaveNobodyGivesAwayWhatTheOthersWouldGiveBack() {
    start(LeaderPlacement.Policy.SPREAD);
    Objects.requireNonNull(placements.get("a")).leave(Set.of("a", "b", "c"));
    assertThat(shards).noneMatch(FakeLog::resigned);
    Objects.requireNonNull(placements.get("a")).leave(Set.of("a", "b"));
    assertThat(shards).allMatch(FakeLog::resigned);
    shards.forEach(shard -> shard.answer("a", "b"));
    pass(1);
    assertThat(shards).as("c does not answer any more").noneMatch(FakeLog::resigned);
  }

  @Test
  void togetherTheyGoToTheSystemGroupsLeader() {
    start(LeaderPlacement.Policy.TOGETHER);
    look();
    assertThat(led("b")).isEqualTo(SHARDS);
    system.lead("");
    look();
    assertThat(led("b")).isEqualTo(SHARDS);
  }

  @Test
  void togetherAShardIsNotHandedBackToWhoHasProbablyDied() {
    start(LeaderPlacement.Policy.TOGETHER);
    look();
    look();
    shards.getFirst().lead("a"); // elected, while the system group still believes in b
    look();
    assertThat(led("a")).isOne();
    time.pass(Duration.ofSeconds(2));
    look();
    assertThat(led("a")).isZero();
  }
}

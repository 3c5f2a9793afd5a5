package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.Members;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Replicas lie on different nodes, zones first, evenly, and move little when nodes come and go. */
final class ReplicasUnevenTest {
  private static final int SHARDS = 120;

  private static Roster roster(int copies, Map<String, String> zones) {
    var voters = new TreeSet<>(new ArrayList<>(zones.keySet()).subList(0, copies));
    return new Roster(voters, new TreeMap<>(zones));
  }

  private static Map<String, String> nodes(RandomGenerator random, int count, int zones) {
    var nodes = new TreeMap<String, String>();
    while (nodes.size() < count) {
      String zone = zones == 0 ? "" : "zone-" + random.nextInt(zones);
      nodes.put(Long.toHexString(random.nextLong()), zone);
    }
    return nodes;
  }

  private static int replicas(List<Members> placed) {
    return placed.stream().mapToInt(each -> each.voters().size()).sum();
  }

  @Test
  void eachShardHasItsCopiesOnDifferentNodesAndNobodyMoreThanItsShare() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new SplittableRandom(seed);
      int copies = random.nextBoolean() ? 3 : 5;
      Map<String, String> nodes = nodes(random, copies + random.nextInt(10), 0);
      List<Members> placed = ReplicaPlacement.place(roster(copies, nodes), SHARDS);
      Map<String, Integer> loads = new HashMap<>();
      for (Members each : placed) {
        assertThat(each.voters()).as("seed %d", seed).hasSize(copies);
        each.voters().forEach(node -> loads.merge(node, 1, Integer::sum));
      }
      int share = Math.ceilDiv(SHARDS * copies, nodes.size());
      assertThat(loads.values()).as("seed %d", seed).allMatch(load -> load <= share);
      assertThat(loads).hasSameSizeAs(nodes);
    }
  }

  @Test
  void copiesAreInDifferentZonesWhileThereAreEnough() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new SplittableRandom(seed);
      Map<String, String> nodes = new TreeMap<>();
      int perZone = 1 + random.nextInt(3);
      for (int node = 0; node < 3 * perZone; node++) {
        nodes.put(Long.toHexString(random.nextLong()), "zone-" + node % 3);
      }
      for (Members each : ReplicaPlacement.place(roster(3, nodes), SHARDS)) {
        var zones = new HashSet<String>();
        each.voters().forEach(node -> zones.add(nodes.getOrDefault(node, "")));
        assertThat(zones).as("seed %d", seed).hasSize(3);
      }
    }
  }

  /** Two nodes in one zone, one in each of two others: these have to have all. */
  @Test
  void zonesComeBeforeEvenShares() {
    var nodes = new TreeMap<>(Map.of("a", "z1", "b", "z1", "c", "z2", "d", "z3"));
    for (Members each : ReplicaPlacement.place(roster(3, nodes), SHARDS)) {
      assertThat(each.voters()).contains("c", "d");
    }
  }

  @Test
  void whoJoinsMovesLittleMoreThanItsShare() {
    double moved = 0;
    double fair = 0;
    for (int seed = 0; seed < 60; seed++) {
      var random = new SplittableRandom(seed);
      Map<String, String> nodes = nodes(random, 4 + random.nextInt(8), 0);
      Roster before = roster(3, nodes);
      var more = new TreeMap<>(nodes);
      more.put(Long.toHexString(random.nextLong()), "");
      List<Members> old = ReplicaPlacement.place(before, SHARDS);
      List<Members> now =
          ReplicaPlacement.place(new Roster(before.voters(), new TreeMap<>(more)), SHARDS);
      for (int shard = 0; shard < SHARDS; shard++) {
        var newcomers = new TreeSet<>(now.get(shard).voters());
        newcomers.removeAll(old.get(shard).voters());
        moved += newcomers.size();
      }
      fair += (double) replicas(now) / more.size();
    }
    assertThat(moved / fair).isLessThan(2.5);
  }

  @Test
  void aLoneNodeKeepsAllAndThreeVotersShareAllWhileNobodyElseIsThere() {
    var alone = new Roster(new TreeSet<>(List.of("a")), new TreeMap<>(Map.of("a", "", "b", "")));
    assertThat(ReplicaPlacement.place(alone, 2)).containsOnly(Members.of(List.of("a")));
    var missing =
        new Roster(new TreeSet<>(List.of("a", "b", "c")), new TreeMap<>(Map.of("a", "", "b", "")));
    assertThat(ReplicaPlacement.place(missing, 2))
        .as("one is away and nobody takes its place")
        .containsOnly(Members.of(List.of("a", "b", "c")));
  }

  @Test
  void aRosterComesBackFromItsText() {
    var roster =
        new Roster(
            new TreeSet<>(List.of("a", "b", "c")),
            new TreeMap<>(Map.of("a", "", "b", "zone-1", "d", "")));
    assertThat(Roster.parse(roster.toText())).contains(roster);
    assertThat(Roster.parse("")).isEmpty();
    assertThat(Roster.parse("of another version")).isEmpty();
  }
}

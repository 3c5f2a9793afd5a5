package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
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
    return new Roster(voters, places(zones));
  }

  private static TreeMap<String, NodePlace> places(Map<String, String> zones) {
    var places = new TreeMap<String, NodePlace>();
    zones.forEach((node, zone) -> places.put(node, new NodePlace(zone, 1)));
    return places;
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

  @Test
  void whoWeighsMoreHasMoreAndNeverTwoOfOneShard() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new SplittableRandom(seed);
      var places = new TreeMap<String, NodePlace>();
      int count = 4 + random.nextInt(8);
      while (places.size() < count) {
        places.put(Long.toHexString(random.nextLong()), new NodePlace("", 1 + random.nextInt(4)));
      }
      var voters = new TreeSet<>(new ArrayList<>(places.keySet()).subList(0, 3));
      Map<String, Integer> loads = new HashMap<>();
      for (Members each : ReplicaPlacement.place(new Roster(voters, places), SHARDS)) {
        assertThat(each.voters()).as("seed %d", seed).hasSize(3);
        each.voters().forEach(node -> loads.merge(node, 1, Integer::sum));
      }
      for (var one : places.entrySet()) {
        for (var other : places.entrySet()) {
          if (one.getValue().weight() > other.getValue().weight()) {
            assertThat(loads.getOrDefault(one.getKey(), 0))
                .as("seed %d, %s", seed, places)
                .isGreaterThanOrEqualTo(loads.getOrDefault(other.getKey(), 0));
          }
        }
      }
    }
  }

  /** A heavy node has a copy of each shard, not more: the light ones share the rest evenly. */
  @Test
  void whatAHeavyNodeCannotHaveIsSharedByTheOthers() {
    var places = new TreeMap<String, NodePlace>();
    places.put("heavy", new NodePlace("", 16));
    List.of("a", "b", "c", "d").forEach(each -> places.put(each, NodePlace.ANYWHERE));
    var voters = new TreeSet<>(List.of("a", "b", "heavy"));
    Map<String, Integer> loads = new HashMap<>();
    for (Members each : ReplicaPlacement.place(new Roster(voters, places), SHARDS)) {
      each.voters().forEach(node -> loads.merge(node, 1, Integer::sum));
    }
    assertThat(loads)
        .containsEntry("heavy", SHARDS)
        .containsEntry("a", SHARDS / 2)
        .containsEntry("b", SHARDS / 2)
        .containsEntry("c", SHARDS / 2)
        .containsEntry("d", SHARDS / 2);
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
      List<Members> now = ReplicaPlacement.place(new Roster(before.voters(), places(more)), SHARDS);
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
    var alone = new Roster(new TreeSet<>(List.of("a")), places(Map.of("a", "", "b", "")));
    assertThat(ReplicaPlacement.place(alone, 2)).containsOnly(Members.of(List.of("a")));
    var missing =
        new Roster(new TreeSet<>(List.of("a", "b", "c")), places(Map.of("a", "", "b", "")));
    assertThat(ReplicaPlacement.place(missing, 2))
        .as("one is away and nobody takes its place")
        .containsOnly(Members.of(List.of("a", "b", "c")));
  }

  @Test
  void aRosterComesBackFromItsText() {
    var roster =
        new Roster(
            new TreeSet<>(List.of("a", "b", "c")),
            new TreeMap<>(
                Map.of(
                    "a", NodePlace.ANYWHERE,
                    "b", new NodePlace("zone-1", 1),
                    "d", new NodePlace("", 3),
                    "e", new NodePlace("zone-2", 16))));
    assertThat(Roster.parse(roster.toText())).contains(roster);
    assertThat(Roster.parse("")).isEmpty();
    assertThat(Roster.parse("of another version")).isEmpty();
    assertThat(Roster.parse("a,b,c;a=zone*many")).isEmpty();
    assertThat(Roster.parse("a,b,c;a=zone*17")).isEmpty();
  }
}

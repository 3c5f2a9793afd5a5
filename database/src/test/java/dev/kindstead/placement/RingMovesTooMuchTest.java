package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What moves when nodes come and go is their fair share, and nobody has more than that. */
final class RingMovesTooMuchTest {
  private static final int THINGS = 240;

  private static final List<String> ALL =
      IntStream.range(0, THINGS).mapToObj(i -> "shard " + i).toList();

  private static Map<String, Integer> nodes(RandomGenerator random, int count, int weightMax) {
    Map<String, Integer> weights = new TreeMap<>();
    while (weights.size() < count) {
      weights.put(Long.toHexString(random.nextLong()), 1 + random.nextInt(weightMax));
    }
    return weights;
  }

  private static long moved(Map<String, String> before, Map<String, String> after) {
    return ALL.stream()
        .filter(thing -> !Objects.equals(before.get(thing), after.get(thing)))
        .count();
  }

  private static int sum(Map<String, Integer> weights) {
    return weights.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Test
  void nobodyHasMoreThanItsShare() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      Map<String, Integer> weights = nodes(random, 1 + random.nextInt(12), 4);
      Map<String, Integer> loads = new HashMap<>();
      new Ring(weights)
          .assign(ALL, Map.of())
          .values()
          .forEach(n -> loads.merge(n, 1, Integer::sum));
      assertThat(loads.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(THINGS);
      for (var load : loads.entrySet()) {
        int weight = weights.getOrDefault(load.getKey(), 0);
        double share = (double) THINGS * weight / sum(weights);
        assertThat(load.getValue()).as("seed %d", seed).isLessThanOrEqualTo((int) Math.ceil(share));
      }
    }
  }

  @Test
  void whoJoinsOrLeavesMovesLittleMoreThanItsShare() {
    double moved = 0;
    double fair = 0;
    for (int seed = 0; seed < 200; seed++) {
      var random = new SplittableRandom(seed);
      Map<String, Integer> weights = nodes(random, 3 + random.nextInt(9), 3);
      Map<String, String> before = new Ring(weights).assign(ALL, Map.of());
      String comes = Long.toHexString(random.nextLong());
      Map<String, Integer> more = new TreeMap<>(weights);
      more.put(comes, 1 + random.nextInt(3));
      double share = (double) THINGS * more.getOrDefault(comes, 0) / sum(more);
      long now = moved(before, new Ring(more).assign(ALL, Map.of()));
      assertThat(now).as("seed %d", seed).isLessThanOrEqualTo((long) (3 * share) + 8);
      moved += now;
      fair += share;
    }
    assertThat(moved / fair).isLessThan(2);
  }

  @Test
  void theOrderOfThoseWhoStayIsTheSame() {
    var random = new SplittableRandom(7);
    Map<String, Integer> weights = nodes(random, 6, 1);
    String gone = weights.keySet().iterator().next();
    Map<String, Integer> fewer = new TreeMap<>(weights);
    fewer.remove(gone);
    for (String thing : ALL) {
      List<String> before = new ArrayList<>(new Ring(weights).order(thing));
      before.remove(gone);
      assertThat(new Ring(fewer).order(thing)).isEqualTo(before);
    }
  }

  /** No setting gives weights yet; the ring knows them. */
  @Test
  void copiesFollowWeightsAndWhoLeavesMovesLittleMoreThanItsShare() {
    double moved = 0;
    double fair = 0;
    for (int seed = 0; seed < 30; seed++) {
      var random = new SplittableRandom(seed);
      Map<String, Integer> weights = nodes(random, 6 + random.nextInt(7), 2);
      List<String> things = IntStream.range(0, 120).mapToObj(i -> "thing " + i).toList();
      Map<String, List<String>> before = placed(seed, weights, things);
      String leaving = weights.keySet().iterator().next();
      Map<String, Integer> left = new TreeMap<>(weights);
      left.remove(leaving);
      Map<String, List<String>> after = placed(seed, left, things);
      for (String thing : things) {
        var newcomers = new HashSet<>(after.getOrDefault(thing, List.of()));
        newcomers.removeAll(before.getOrDefault(thing, List.of()));
        moved += newcomers.size();
      }
      fair += before.values().stream().filter(nodes -> nodes.contains(leaving)).count();
    }
    assertThat(moved / fair).isLessThan(2.5);
  }

  private static Map<String, List<String>> placed(
      int seed, Map<String, Integer> weights, List<String> things) {
    Map<String, List<String>> placed = new Ring(weights).place(things, 3, Map.of());
    Map<String, Integer> loads = new TreeMap<>();
    for (String thing : things) {
      List<String> nodes = placed.getOrDefault(thing, List.of());
      assertThat(nodes).as("seed %d", seed).hasSize(3).doesNotHaveDuplicates();
      nodes.forEach(node -> loads.merge(node, 1, Integer::sum));
    }
    loads.forEach((node, load) ->
        assertThat(load)
            .as("seed %d", seed)
            .isLessThanOrEqualTo(
                Math.ceilDiv(things.size() * 3 * weights.getOrDefault(node, 0), sum(weights))));
    return placed;
  }
}

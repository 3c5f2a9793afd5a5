package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody is overlooked, and nobody gets what another could do better. */
final class UnevenChoiceTest {
  private static final List<String> NODES = List.of("a", "b", "c");
  private static final int CALLS = 30_000;
  private static final long FAST_NANOS = 1_000_000;

  private static NodeChoice choice(RoutePolicy policy) {
    return new NodeChoice(policy, node -> node.equals("a") ? 4 : 1, new Random(3));
  }

  private static Map<String, Integer> chosen(NodeChoice choice) {
    Map<String, Integer> counts = new HashMap<>();
    for (int call = 0; call < CALLS; call++) {
      String node = choice.choose(NODES);
      counts.merge(node, 1, Integer::sum);
      choice.ended(node, FAST_NANOS);
    }
    return counts;
  }

  @ParameterizedTest
  @EnumSource(names = {"RANDOM", "ROUND_ROBIN", "POWER_OF_TWO_CHOICES"})
  void equalNodesGetEqualShares(RoutePolicy policy) {
    assertThat(chosen(choice(policy)).values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(CALLS / 3 * 9 / 10, CALLS / 3 * 11 / 10));
  }

  @Test
  void nearNodesGetMoreByWeight() {
    Map<String, Integer> counts = chosen(choice(RoutePolicy.WEIGHTED));
    assertThat(counts.get("a")).isBetween(CALLS * 6 / 10, CALLS * 7 / 10);
    assertThat(counts.get("b")).isBetween(CALLS * 15 / 100, CALLS * 19 / 100);
  }

  @Test
  void theFastestGetsAllOnceAllWereTried() {
    NodeChoice choice = choice(RoutePolicy.LEAST_RESPONSE_TIME);
    for (String node : NODES) {
      assertThat(choice.choose(NODES)).isEqualTo(node);
      choice.ended(node, node.equals("b") ? FAST_NANOS : 5 * FAST_NANOS);
    }
    assertThat(choice.choose(NODES)).isEqualTo("b");
    choice.ended("b", 100 * FAST_NANOS);
    assertThat(choice.choose(NODES)).as("b has become slow").isNotEqualTo("b");
  }

  @Test
  void ofTwoTheLessBusyIsChosen() {
    NodeChoice choice = choice(RoutePolicy.POWER_OF_TWO_CHOICES);
    Map<String, Integer> outstanding = new HashMap<>();
    for (int call = 0; call < 3_000; call++) {
      outstanding.merge(choice.choose(NODES), 1, Integer::sum);
    }
    // At random they would be some fifty apart.
    assertThat(outstanding.values())
        .hasSize(3)
        .allSatisfy(count -> assertThat(count).isBetween(995, 1_005));
  }

  @ParameterizedTest
  @EnumSource
  void theOnlyOneIsChosen(RoutePolicy policy) {
    assertThat(choice(policy).choose(List.of("c"))).isEqualTo("c");
  }
}

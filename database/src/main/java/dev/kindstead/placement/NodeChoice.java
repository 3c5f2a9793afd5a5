package dev.kindstead.placement;

import dev.kindstead.model.Invariant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/** Chooses among nodes that can do the same, by a policy, and learns from their answers. */
public final class NodeChoice {
  /** How much of an average the last answer is. */
  private static final double NEWEST = 0.2;

  private static final class Load {
    int outstanding;

    /** Average time of an answer, zero before the first. */
    double nanos;
  }

  private final RoutePolicy policy;
  private final ToIntFunction<String> weights;
  private final RandomGenerator random;
  private final Map<String, Load> loads = new HashMap<>();
  private int turn;

  /**
   * @param weights of nodes, from 1 on; asked where the policy needs them
   */
  public NodeChoice(RoutePolicy policy, ToIntFunction<String> weights, RandomGenerator random) {
    this.policy = policy;
    this.weights = weights;
    this.random = random;
  }

  /**
   * One of these, and it counts as busy until {@link #ended}. Thread-safe, as that.
   *
   * @param nodes one at least
   */
  public synchronized String choose(List<String> nodes) {
    Invariant.check(!nodes.isEmpty(), "somebody to choose");
    String chosen =
        switch (policy) {
          case RANDOM -> any(nodes);
          case ROUND_ROBIN -> nodes.get(Math.floorMod(turn++, nodes.size()));
          case WEIGHTED -> byWeight(nodes);
          case LEAST_RESPONSE_TIME -> fastest(nodes);
          case POWER_OF_TWO_CHOICES -> lessBusy(any(nodes), any(nodes));
        };
    load(chosen).outstanding++;
    return chosen;
  }

  /** The node has answered after this time, or will not. */
  public synchronized void ended(String node, long nanos) {
    Load load = load(node);
    load.outstanding--;
    load.nanos = load.nanos == 0 ? nanos : load.nanos + NEWEST * (nanos - load.nanos);
  }

  private Load load(String node) {
    return loads.computeIfAbsent(node, _ -> new Load());
  }

  private String any(List<String> nodes) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private String byWeight(List<String> nodes) {
    int left = random.nextInt(nodes.stream().mapToInt(weights).sum());
    for (String node : nodes) {
      left -= weights.applyAsInt(node);
      if (left < 0) {
        return node;
      }
    }
    throw new IllegalStateException("weights have changed");
  }

  /** A node that nobody has tried counts as fastest. */
  private String fastest(List<String> nodes) {
    String best = nodes.getFirst();
    for (String node : nodes) {
      if (load(node).nanos < load(best).nanos) {
        best = node;
      }
    }
    return best;
  }

  private String lessBusy(String one, String other) {
    Load first = load(one);
    Load second = load(other);
    boolean equal = first.outstanding == second.outstanding;
    boolean otherIsBetter =
        equal ? second.nanos < first.nanos : second.outstanding < first.outstanding;
    return otherIsBetter ? other : one;
  }
}

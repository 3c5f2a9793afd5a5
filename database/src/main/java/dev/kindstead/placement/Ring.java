package dev.kindstead.placement;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.model.Invariant;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A consistent-hash ring: nodes at many points of a circle, in proportion to their weights, and
 * things that go to the next node on it that has room. So who joins takes its fair share from all,
 * and who leaves gives its own to all, while the rest stays where it is. Immutable.
 *
 * <p>Karger et al., "Consistent Hashing and Random Trees", 1997; Mirrokni et al., "Consistent
 * Hashing with Bounded Loads", 2016.
 */
public final class Ring {
  /** Points of a node of weight one: enough for shares that differ by a few per cent. */
  private static final int POINTS = 128;

  /** The points of the circle, in unsigned order. */
  private final TreeMap<Long, String> points = new TreeMap<>(Long::compareUnsigned);

  private final Map<String, Integer> weights;
  private final int weight;

  /**
   * @param weights of the nodes, at least one each
   */
  public Ring(Map<String, Integer> weights) {
    Invariant.check(!weights.isEmpty(), "a ring has a node");
    this.weights = Map.copyOf(weights);
    int sum = 0;
    for (Map.Entry<String, Integer> node : new TreeMap<>(weights).entrySet()) {
      Invariant.check(node.getValue() >= 1, "a node weighs something");
      sum += node.getValue();
      for (int point = 0; point < POINTS * node.getValue(); point++) {
        points.putIfAbsent(hash(node.getKey() + '#' + point), node.getKey());
      }
    }
    weight = sum;
  }

  private static long hash(String name) {
    return Hashing.xxh3_64().hashBytesToLong(name.getBytes(StandardCharsets.UTF_8));
  }

  /** All nodes in the order in which a thing would go to them. */
  public List<String> order(String thing) {
    var order = new LinkedHashSet<String>();
    long from = hash(thing);
    order.addAll(points.tailMap(from).values());
    order.addAll(points.headMap(from).values());
    return List.copyOf(order);
  }

  /**
   * Where each thing goes when no node may have more than its share of all, rounded up.
   *
   * @param things in the order in which they choose
   * @param already how much nodes have that is not theirs to choose
   */
  public Map<String, String> assign(List<String> things, Map<String, Integer> already) {
    int all = things.size() + already.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Integer> loads = new HashMap<>(already);
    Map<String, String> assigned = new LinkedHashMap<>();
    for (String thing : things) {
      for (String node : order(thing)) {
        if (loads.getOrDefault(node, 0) < share(node, all)) {
          loads.merge(node, 1, Integer::sum);
          assigned.put(thing, node);
          break;
        }
      }
    }
    return assigned;
  }

  private int share(String node, int all) {
    int own = Objects.requireNonNull(weights.get(node));
    return (int) (((long) all * own + weight - 1) / weight);
  }
}

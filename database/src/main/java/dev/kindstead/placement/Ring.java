package dev.kindstead.placement;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.model.Invariant;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

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

  /** Where things go that may go anywhere, see the other one. */
  public Map<String, String> assign(List<String> things, Map<String, Integer> already) {
    return assign(things, already, _ -> weights.keySet());
  }

  /**
   * Where each thing goes when no node may have more than its share of all, rounded up, unless only
   * such nodes may have a thing.
   *
   * @param things in the order in which they choose
   * @param already how much nodes have that is not theirs to choose
   * @param allowed the nodes that may have a thing; one for which there is none goes nowhere
   */
  public Map<String, String> assign(
      List<String> things,
      Map<String, Integer> already,
      Function<String, ? extends Collection<String>> allowed) {
    int all = things.size() + already.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Integer> loads = new HashMap<>(already);
    Map<String, String> assigned = new LinkedHashMap<>();
    for (String thing : things) {
      var may = allowed.apply(thing);
      List<String> order = order(thing).stream().filter(may::contains).toList();
      order.stream()
          .filter(node -> loads.getOrDefault(node, 0) < share(node, all))
          .findFirst()
          .or(() -> order.stream().min(Comparator.comparing(node -> loads.getOrDefault(node, 0))))
          .ifPresent(node -> {
            loads.merge(node, 1, Integer::sum);
            assigned.put(thing, node);
          });
    }
    return assigned;
  }

  /**
   * The nodes that have copies of each thing, so many of each on different nodes, in zones of their
   * own as far as there are enough. As far as zones allow, no node has more than its share of all
   * copies, rounded up.
   *
   * @param things in the order in which they choose
   * @param copies at most as many as there are nodes
   * @param zones of the nodes; one without is in a zone of its own
   */
  public Map<String, List<String>> place(
      List<String> things, int copies, Map<String, String> zones) {
    Invariant.check(copies <= weights.size(), "each copy has a node of its own");
    Map<String, Integer> room = rooms(things.size(), copies);
    Map<String, List<String>> placed = new LinkedHashMap<>();
    for (String thing : things) {
      int left = things.size() - placed.size();
      List<String> order = urgentFirst(order(thing), room, left);
      List<String> roomy = order.stream().filter(node -> room.getOrDefault(node, 0) > 0).toList();
      var chosen = new Copies(copies, zones);
      chosen.addFromNewZones(roomy);
      chosen.addFromNewZones(order);
      chosen.add(roomy);
      chosen.add(order);
      chosen.nodes.forEach(node -> room.merge(node, -1, Integer::sum));
      placed.put(thing, List.copyOf(chosen.nodes));
    }
    return placed;
  }

  /**
   * A node's share of all copies; who would have several of one thing leaves them to the others.
   */
  private Map<String, Integer> rooms(int things, int copies) {
    List<String> heaviestFirst =
        weights.keySet().stream()
            .sorted(Comparator.<String, Integer>comparing(weights::get).reversed())
            .toList();
    Map<String, Integer> rooms = new HashMap<>();
    int left = things * copies;
    int weightLeft = weight;
    for (String node : heaviestFirst) {
      int own = Objects.requireNonNull(weights.get(node));
      int share = share(own, weightLeft, left);
      rooms.put(node, Math.min(things, share));
      if (share > things) {
        left -= things;
        weightLeft -= own;
      }
    }
    return rooms;
  }

  /** Who would not get its share any more without a copy of this thing comes first. */
  private static List<String> urgentFirst(List<String> order, Map<String, Integer> room, int left) {
    return order.stream()
        .sorted(Comparator.comparing(node -> room.getOrDefault(node, 0) < left))
        .toList();
  }

  /** The nodes of one thing as they are chosen. */
  private static final class Copies {
    private final int count;
    private final Map<String, String> zones;
    private final Set<String> nodes = new LinkedHashSet<>();
    private final Set<String> taken = new HashSet<>();

    Copies(int count, Map<String, String> zones) {
      this.count = count;
      this.zones = zones;
    }

    void addFromNewZones(List<String> order) {
      for (String node : order) {
        String zone = zones.getOrDefault(node, "");
        if (nodes.size() < count && taken.add(zone.isEmpty() ? "node " + node : "zone " + zone)) {
          nodes.add(node);
        }
      }
    }

    void add(List<String> order) {
      for (String node : order) {
        if (nodes.size() < count) {
          nodes.add(node);
        }
      }
    }
  }

  private int share(String node, int all) {
    return share(Objects.requireNonNull(weights.get(node)), weight, all);
  }

  private static int share(int own, int weight, int all) {
    return (int) (((long) all * own + weight - 1) / weight);
  }
}

package dev.kindstead.simulation.check;

import dev.kindstead.simulation.check.DependencyGraph.Edge;
import dev.kindstead.simulation.check.DependencyGraph.Kind;
import dev.kindstead.simulation.check.DependencyGraph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds a shortest cycle of the worst kind and names it, as Adya (Weak Consistency, 1999) and Elle
 * do, by the edges it is made of. What needs fewer kinds of edges is worse; what needs real time is
 * less bad than anything that does not, for there is an order without it.
 */
final class CycleSearch {
  /** Shortest among those through so many transactions. */
  private static final int STARTS_MAX = 2_000;

  private final List<Node> nodes;

  /** From bad to less so: each is looked for only where there is none before it. */
  private enum Phenomenon {
    G0("G0", "write cycle", Kind.WRITE_WRITE),
    G1C("G1c", "circular information flow", Kind.WRITE_WRITE, Kind.WRITE_READ),
    G_SINGLE("G-single", "one anti-dependency", Kind.WRITE_WRITE, Kind.WRITE_READ),
    G2("G2", "anti-dependencies", Kind.WRITE_WRITE, Kind.WRITE_READ, Kind.READ_WRITE);

    final String shown;
    final String meaning;
    final Set<Kind> kinds;

    Phenomenon(String shown, String meaning, Kind... kinds) {
      this.shown = shown;
      this.meaning = meaning;
      this.kinds = Set.of(kinds);
    }

    /** The edges that a cycle may begin with, where it has exactly one such. */
    Set<Kind> first() {
      return this == G_SINGLE ? Set.of(Kind.READ_WRITE) : Set.of();
    }
  }

  /**
   * @param transactions how many the search has come to, with the one that the edge leads to
   */
  private record Step(Node from, Edge edge, int transactions) {}

  CycleSearch(List<Node> nodes) {
    this.nodes = nodes;
  }

  /** To be asked only of a graph that has a cycle. */
  String worst() {
    for (boolean needsTime : List.of(false, true)) {
      for (Phenomenon phenomenon : Phenomenon.values()) {
        Set<Kind> kinds = EnumSet.copyOf(phenomenon.kinds);
        if (needsTime) {
          kinds.add(Kind.REAL_TIME);
        }
        Set<Kind> first = phenomenon.first().isEmpty() ? kinds : phenomenon.first();
        List<Step> cycle = shortest(first, kinds);
        if (!cycle.isEmpty()) {
          String name = phenomenon.shown + (needsTime ? "-realtime" : "");
          return "%s (%s): %s".formatted(name, phenomenon.meaning, described(cycle));
        }
      }
    }
    throw new IllegalStateException("no cycle to be named");
  }

  private List<Step> shortest(Set<Kind> first, Set<Kind> kinds) {
    Set<Kind> any = EnumSet.copyOf(kinds);
    any.addAll(first);
    Set<Node> left = behindCycles(any);
    List<Step> best = List.of();
    int transactions = Integer.MAX_VALUE;
    int starts = 0;
    for (Node start : nodes) {
      if (!start.isBarrier() && left.contains(start) && starts++ < STARTS_MAX) {
        List<Step> cycle = cycle(start, first, kinds, left, transactions);
        if (!cycle.isEmpty()) {
          best = cycle;
          transactions = cycle.getLast().transactions;
        }
      }
    }
    return best;
  }

  /** Without those that nothing, or nothing that is left, leads to by such edges. */
  private Set<Node> behindCycles(Set<Kind> kinds) {
    Map<Node, Integer> before = new HashMap<>();
    nodes.forEach(node -> before.put(node, 0));
    nodes.forEach(node -> node.to(kinds).forEach(to -> before.merge(to, 1, Integer::sum)));
    Deque<Node> free = new ArrayDeque<>(nodes);
    free.removeIf(node -> before.getOrDefault(node, 0) > 0);
    while (!free.isEmpty()) {
      Node node = free.removeLast();
      before.remove(node);
      for (Node to : node.to(kinds)) {
        if (before.merge(to, -1, Integer::sum) == 0) {
          free.addLast(to);
        }
      }
    }
    return before.keySet();
  }

  /** The one of the fewest transactions from a node to itself; empty where it has too many. */
  private static List<Step> cycle(
      Node start, Set<Kind> first, Set<Kind> kinds, Set<Node> left, int below) {
    Map<Node, Step> cameBy = new HashMap<>();
    Deque<Step> open = new ArrayDeque<>();
    spread(start, first, 0, open);
    while (!open.isEmpty()) {
      Step step = open.removeFirst();
      Node to = step.edge.to();
      if (step.transactions >= below
          || !left.contains(to)
          || cameBy.putIfAbsent(to, step) != null) {
        continue;
      }
      if (to == start) {
        return pathTo(start, cameBy);
      }
      spread(to, kinds, step.transactions, open);
    }
    return List.of();
  }

  private static void spread(Node from, Set<Kind> kinds, int transactions, Deque<Step> open) {
    for (Edge edge : from.next) {
      if (!kinds.contains(edge.kind())) {
        continue;
      }
      if (edge.to().isBarrier()) {
        open.addFirst(new Step(from, edge, transactions)); // time passes for nothing
      } else {
        open.addLast(new Step(from, edge, transactions + 1));
      }
    }
  }

  private static List<Step> pathTo(Node start, Map<Node, Step> cameBy) {
    List<Step> path = new ArrayList<>();
    Node at = start;
    do {
      Step step = cameBy.get(at);
      if (step == null) {
        throw new IllegalStateException("the search came from nowhere");
      }
      path.add(step);
      at = step.from;
    } while (at != start);
    Collections.reverse(path);
    return path;
  }

  private static String described(List<Step> cycle) {
    var text = new StringBuilder();
    for (Step step : cycle) {
      if (!step.from.isBarrier()) {
        text.append(step.from.of).append("\n  --").append(step.edge).append("--> ");
      }
    }
    return text.append(cycle.getFirst().from.of).toString();
  }
}

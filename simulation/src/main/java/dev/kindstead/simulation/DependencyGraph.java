package dev.kindstead.simulation;

import dev.kindstead.simulation.History.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Transactions and what must come before what. Real time is a chain of barriers, one for each ended
 * transaction, so that it adds a linear number of edges. Confined to one thread.
 */
final class DependencyGraph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Node> byTransaction = new HashMap<>();

  void add(Transaction transaction) {
    Node node = new Node(transaction, transaction.invoked(), transaction.ended());
    nodes.add(node);
    byTransaction.put(transaction.id(), node);
  }

  void edge(Transaction from, Transaction to, String why) {
    if (from.id() != to.id()) {
      node(from).next.add(new Edge(node(to), why));
    }
  }

  private Node node(Transaction transaction) {
    return Objects.requireNonNull(byTransaction.get(transaction.id()), "added before its edges");
  }

  /** Whoever ended before another was invoked comes before it. */
  void addRealTimeOrder() {
    List<Node> ended =
        nodes.stream()
            .filter(node -> node.ended != Long.MAX_VALUE)
            .sorted(Comparator.comparingLong(node -> node.ended))
            .toList();
    List<Node> barriers = new ArrayList<>();
    for (Node node : ended) {
      Node barrier = new Node("(real time)", Long.MAX_VALUE, Long.MAX_VALUE);
      if (!barriers.isEmpty()) {
        barriers.getLast().next.add(new Edge(barrier, "real time"));
      }
      node.next.add(new Edge(barrier, "real time"));
      barriers.add(barrier);
    }
    for (Node node : List.copyOf(byTransaction.values())) {
      int last = lastEndedBefore(ended, node.invoked);
      if (last >= 0) {
        barriers.get(last).next.add(new Edge(node, "real time"));
      }
    }
    nodes.addAll(barriers);
  }

  private static int lastEndedBefore(List<Node> ended, long invoked) {
    int low = 0;
    int high = ended.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ended.get(middle).ended < invoked) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** A description of one cycle, if there is any. Iterative: histories are long. */
  Optional<String> cycle() {
    for (Node start : nodes) {
      if (start.state == Node.NEW) {
        Optional<String> found = search(start);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> search(Node start) {
    Deque<Node> path = new ArrayDeque<>();
    path.addLast(start);
    start.state = Node.ON_PATH;
    while (!path.isEmpty()) {
      Node node = path.peekLast();
      if (node.followed == node.next.size()) {
        node.state = Node.DONE;
        path.removeLast();
        continue;
      }
      Node next = node.next.get(node.followed++).to;
      if (next.state == Node.ON_PATH) {
        return Optional.of(describe(path, next));
      }
      if (next.state == Node.NEW) {
        next.state = Node.ON_PATH;
        path.addLast(next);
      }
    }
    return Optional.empty();
  }

  private static String describe(Deque<Node> path, Node from) {
    var text = new StringBuilder();
    boolean inCycle = false;
    for (Node node : path) {
      inCycle |= node == from;
      if (inCycle) {
        text.append(node.name)
            .append("\n  --")
            .append(node.next.get(node.followed - 1).why)
            .append("--> ");
      }
    }
    return text.append(from.name).toString();
  }

  private record Edge(Node to, String why) {}

  private static final class Node {
    static final int NEW = 0;
    static final int ON_PATH = 1;
    static final int DONE = 2;

    /** Told by its text, which is long: only when there is a cycle. */
    final Object name;

    final long invoked;
    final long ended;
    final List<Edge> next = new ArrayList<>();
    int followed;
    int state = NEW;

    Node(Object name, long invoked, long ended) {
      this.name = name;
      this.invoked = invoked;
      this.ended = ended;
    }
  }
}

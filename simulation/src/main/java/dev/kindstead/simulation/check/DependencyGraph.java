package dev.kindstead.simulation.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Transactions and what must come before what. Real time is a chain of barriers, one for each ended
 * transaction, so that it adds a linear number of edges. Confined to one thread.
 */
public final class DependencyGraph {
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Node> byTransaction = new HashMap<>();

  /** Why a transaction comes before another. */
  public enum Kind {
    /** The other one wrote the next version. */
    WRITE_WRITE("ww"),
    /** The other one read what it wrote. */
    WRITE_READ("wr"),
    /** The other one wrote the version after the one that it read. */
    READ_WRITE("rw"),
    /** It had ended when the other one was invoked. */
    REAL_TIME("real time");

    final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  /**
   * @param of what is shown of it, by its text, which is long: only when there is a cycle
   * @param ended {@link Long#MAX_VALUE} for never
   */
  public void add(int transaction, Object of, long invoked, long ended) {
    Node node = new Node(of, invoked, ended);
    nodes.add(node);
    byTransaction.put(transaction, node);
  }

  /** Between two that were added; nothing comes before itself. */
  public void edge(int from, int to, Kind kind, String object) {
    if (from != to) {
      node(from).next.add(new Edge(node(to), kind, object));
    }
  }

  private Node node(int transaction) {
    return Objects.requireNonNull(byTransaction.get(transaction), "added before its edges");
  }

  /** Whoever ended before another was invoked comes before it. */
  public void addRealTimeOrder() {
    List<Node> ended =
        nodes.stream()
            .filter(node -> node.ended != Long.MAX_VALUE)
            .sorted(Comparator.comparingLong(node -> node.ended))
            .toList();
    List<Node> barriers = new ArrayList<>();
    for (Node node : ended) {
      Node barrier = new Node(Node.BARRIER, Long.MAX_VALUE, Long.MAX_VALUE);
      Edge passing = new Edge(barrier, Kind.REAL_TIME, "");
      if (!barriers.isEmpty()) {
        barriers.getLast().next.add(passing);
      }
      node.next.add(passing);
      barriers.add(barrier);
    }
    for (Node node : nodes) {
      int last = lastEndedBefore(ended, node.invoked);
      if (last >= 0) {
        barriers.get(last).next.add(new Edge(node, Kind.REAL_TIME, ""));
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

  /** The worst cycle by its name, if there is any; {@link CycleSearch} says what is worse. */
  public Optional<String> anomaly() {
    return isCyclic() ? Optional.of(new CycleSearch(nodes).worst()) : Optional.empty();
  }

  /** Takes linear time, and no stack: histories are long. */
  private boolean isCyclic() {
    Deque<Node> path = new ArrayDeque<>();
    for (Node start : nodes) {
      if (start.state == Node.NEW && leadsIntoCycle(start, path)) {
        return true;
      }
    }
    return false;
  }

  private static boolean leadsIntoCycle(Node start, Deque<Node> path) {
    path.addLast(start);
    start.state = Node.ON_PATH;
    while (!path.isEmpty()) {
      Node node = path.getLast();
      if (node.followed == node.next.size()) {
        node.state = Node.DONE;
        path.removeLast();
        continue;
      }
      Node next = node.next.get(node.followed++).to;
      if (next.state == Node.ON_PATH) {
        return true;
      }
      if (next.state == Node.NEW) {
        next.state = Node.ON_PATH;
        path.addLast(next);
      }
    }
    return false;
  }

  record Edge(Node to, Kind kind, String object) {
    @Override
    public String toString() {
      return object.isEmpty() ? kind.shown : kind.shown + " " + object;
    }
  }

  static final class Node {
    private static final Object BARRIER = "(real time)";
    private static final int NEW = 0;
    private static final int ON_PATH = 1;
    private static final int DONE = 2;

    final Object of;
    final List<Edge> next = new ArrayList<>();
    private final long invoked;
    private final long ended;
    private int followed;
    private int state = NEW;

    Node(Object of, long invoked, long ended) {
      this.of = of;
      this.invoked = invoked;
      this.ended = ended;
    }

    boolean isBarrier() {
      return of == BARRIER;
    }

    /** Where edges of these kinds lead, perhaps more than once. */
    List<Node> to(Set<Kind> kinds) {
      return next.stream().filter(edge -> kinds.contains(edge.kind)).map(Edge::to).toList();
    }
  }
}

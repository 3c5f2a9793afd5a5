package dev.kindstead.simulation;

import dev.kindstead.simulation.History.Ending;
import dev.kindstead.simulation.History.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges a {@link History} of list appends: strictly serializable, or why not.
 *
 * <p>Method (Elle, section 4): the longest list read of an object is its version order, and every
 * other read must be a prefix of it. From it follow the dependencies ww (appended before), wr (read
 * from) and rw (read before the next append); with "ended before the other was invoked" they must
 * form no cycle. An aborted append must never be read, an unknown one counts as committed once any
 * of its elements was read, and every committed append must be there at the end.
 */
public final class StrictSerializability {
  private final History history;
  private final List<String> anomalies = new ArrayList<>();
  private final Map<String, List<Integer>> versionOrders = new TreeMap<>();
  private final Map<Integer, Transaction> writerOf = new HashMap<>();

  private StrictSerializability(History history) {
    this.history = history;
  }

  /**
   * All anomalies found, one line each; none for a strictly serializable history.
   *
   * @param finalLists every object's list read after all clients had ended
   */
  public static List<String> anomalies(History history, Map<String, List<Integer>> finalLists) {
    var judge = new StrictSerializability(history);
    judge.findWriters();
    judge.findVersionOrders(finalLists);
    judge.checkEveryRead();
    judge.checkNothingLost(finalLists);
    if (judge.anomalies.isEmpty()) {
      judge.checkNoCycle();
    }
    return judge.anomalies;
  }

  private void findWriters() {
    for (Transaction transaction : history.transactions()) {
      for (int element : transaction.appends().values()) {
        if (writerOf.put(element, transaction) != null) {
          throw new IllegalArgumentException("element " + element + " is not unique");
        }
      }
    }
  }

  private void findVersionOrders(Map<String, List<Integer>> finalLists) {
    finalLists.forEach(this::extendVersionOrder);
    for (Transaction transaction : history.transactions()) {
      if (transaction.ending() == Ending.COMMITTED) {
        transaction.reads().forEach(this::extendVersionOrder);
      }
    }
  }

  private void extendVersionOrder(String object, List<Integer> list) {
    List<Integer> known = versionOrders.getOrDefault(object, List.of());
    if (list.size() <= known.size() && known.subList(0, list.size()).equals(list)) {
      return; // and so without duplicates, as what is known
    }
    if (new HashSet<>(list).size() != list.size()) {
      anomalies.add("duplicate append: " + object + " reads " + list);
    }
    List<Integer> longer = known.size() >= list.size() ? known : list;
    List<Integer> shorter = longer == known ? list : known;
    if (!longer.subList(0, shorter.size()).equals(shorter)) {
      anomalies.add("incompatible orders of " + object + ": " + shorter + " and " + longer);
    }
    versionOrders.put(object, longer);
  }

  private void checkEveryRead() {
    versionOrders.forEach((object, order) -> {
      for (int element : order) {
        Transaction writer = writerOf.get(element);
        if (writer == null) {
          anomalies.add("garbage: " + object + " holds " + element + ", never appended");
        } else if (writer.ending() == Ending.ABORTED) {
          anomalies.add("aborted read: " + object + " holds " + element + " of " + writer);
        }
      }
    });
  }

  private void checkNothingLost(Map<String, List<Integer>> finalLists) {
    for (Transaction transaction : history.transactions()) {
      Set<Boolean> present = new HashSet<>();
      transaction
          .appends()
          .forEach((object, element) ->
              present.add(finalLists.getOrDefault(object, List.of()).contains(element)));
      if (transaction.ending() == Ending.COMMITTED && present.contains(false)) {
        anomalies.add("lost write: an append of committed " + transaction + " is missing");
      }
      if (present.size() > 1) {
        anomalies.add("torn transaction: only some appends of " + transaction + " are there");
      }
    }
  }

  private void checkNoCycle() {
    var graph = new DependencyGraph();
    for (Transaction transaction : history.transactions()) {
      if (happened(transaction)) {
        graph.add(transaction);
      }
    }
    versionOrders.forEach((object, order) -> {
      for (int i = 1; i < order.size(); i++) {
        graph.edge(writer(order.get(i - 1)), writer(order.get(i)), "ww " + object);
      }
    });
    for (Transaction reader : history.transactions()) {
      if (reader.ending() == Ending.COMMITTED) {
        reader.reads().forEach((object, list) -> addReadEdges(graph, reader, object, list));
      }
    }
    graph.addRealTimeOrder();
    graph.cycle().ifPresent(cycle -> anomalies.add("cycle: " + cycle));
  }

  private void addReadEdges(
      DependencyGraph graph, Transaction reader, String object, List<Integer> list) {
    List<Integer> order = versionOrders.getOrDefault(object, List.of());
    if (!list.isEmpty()) {
      graph.edge(writer(list.getLast()), reader, "wr " + object);
    }
    if (order.size() > list.size()) {
      graph.edge(reader, writer(order.get(list.size())), "rw " + object);
    }
  }

  private Transaction writer(int element) {
    Transaction writer = writerOf.get(element);
    if (writer == null) {
      throw new IllegalStateException("checked before: every element has a writer");
    }
    return writer;
  }

  /** Committed, or unknown with an element that somebody read. */
  private boolean happened(Transaction transaction) {
    return transaction.ending() == Ending.COMMITTED
        || (transaction.ending() == Ending.UNKNOWN
            && transaction.appends().entrySet().stream()
                .anyMatch(append ->
                    versionOrders
                        .getOrDefault(append.getKey(), List.of())
                        .contains(append.getValue())));
  }
}

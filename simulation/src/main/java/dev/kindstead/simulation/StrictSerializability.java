package dev.kindstead.simulation;

import dev.kindstead.simulation.History.Ending;
import dev.kindstead.simulation.History.Transaction;
import dev.kindstead.simulation.check.DependencyGraph;
import dev.kindstead.simulation.check.DependencyGraph.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
 * form no cycle; a {@link DependencyGraph} names the one that they form. An aborted append must
 * never be read, nor one that its transaction went on from; an unknown transaction counts as
 * committed once any of its elements was read, and every committed append must be there at the end.
 */
public final class StrictSerializability {
  private final History history;
  private final List<String> anomalies = new ArrayList<>();
  private final Map<String, List<Integer>> versionOrders = new TreeMap<>();
  private final Map<Integer, Transaction> writerOf = new HashMap<>();

  /** Committed, or unknown with an element that somebody read. */
  private final Map<Integer, Transaction> happened = new LinkedHashMap<>();

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
    judge.findHappened();
    judge.checkEveryElement();
    judge.checkNothingIntermediateRead();
    judge.checkNothingLost(finalLists);
    if (judge.anomalies.isEmpty()) {
      judge.checkNoCycle();
    }
    return judge.anomalies;
  }

  private void findWriters() {
    for (Transaction transaction : history.transactions()) {
      for (List<Integer> elements : transaction.appends().values()) {
        for (int element : elements) {
          if (writerOf.put(element, transaction) != null) {
            throw new IllegalArgumentException("element " + element + " is not unique");
          }
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

  /** What an unknown transaction has read counts once it counts as committed itself. */
  private void findHappened() {
    int before;
    do {
      before = happened.size();
      for (Transaction each : history.transactions()) {
        if (each.ending() == Ending.COMMITTED) {
          happened.put(each.id(), each);
        } else if (each.ending() == Ending.UNKNOWN && !isCounted(each) && isSeen(each)) {
          happened.put(each.id(), each);
          each.reads().forEach(this::extendVersionOrder);
        }
      }
    } while (happened.size() > before);
  }

  private boolean isCounted(Transaction transaction) {
    return happened.containsKey(transaction.id());
  }

  private boolean isSeen(Transaction transaction) {
    return transaction.appends().entrySet().stream()
        .anyMatch(appended ->
            !Collections.disjoint(
                versionOrders.getOrDefault(appended.getKey(), List.of()), appended.getValue()));
  }

  private void checkEveryElement() {
    versionOrders.forEach((object, order) -> {
      int before = -1;
      for (int i = 0; i < order.size(); i++) {
        int element = order.get(i);
        Transaction writer = writerOf.get(element);
        if (writer == null || !writer.appends().containsKey(object)) {
          anomalies.add("garbage: " + object + " holds " + element + ", never appended");
        } else if (writer.ending() == Ending.ABORTED) {
          anomalies.add("G1a (aborted read): " + object + " holds " + element + " of " + writer);
        } else if (writer.id() == before && !follows(writer, object, order.get(i - 1), element)) {
          anomalies.add("own appends out of order: " + object + " reads " + order);
        }
        before = writer == null ? before : writer.id();
      }
    });
  }

  private static boolean follows(Transaction writer, String object, int before, int element) {
    List<Integer> elements = writer.appends().getOrDefault(object, List.of());
    return elements.indexOf(element) == elements.indexOf(before) + 1;
  }

  private void checkNothingIntermediateRead() {
    for (Transaction reader : happened.values()) {
      reader
          .reads()
          .forEach((object, list) -> {
            Transaction writer = list.isEmpty() ? null : writerOf.get(list.getLast());
            List<Integer> elements =
                writer == null ? List.of() : writer.appends().getOrDefault(object, List.of());
            if (!elements.isEmpty() && !elements.getLast().equals(list.getLast())) {
              anomalies.add(
                  "G1b (intermediate read): %s of %s, which went on to append %s: read by %s"
                      .formatted(object, writer, elements, reader));
            }
          });
    }
  }

  private void checkNothingLost(Map<String, List<Integer>> finalLists) {
    for (Transaction transaction : history.transactions()) {
      Set<Boolean> present = new HashSet<>();
      transaction
          .appends()
          .forEach((object, elements) -> {
            List<Integer> last = finalLists.getOrDefault(object, List.of());
            elements.forEach(element -> present.add(last.contains(element)));
          });
      if (isCounted(transaction) && present.contains(false)) {
        anomalies.add("lost write: an append is missing of " + transaction);
      }
      if (present.size() > 1) {
        anomalies.add("torn transaction: only some appends of " + transaction + " are there");
      }
    }
  }

  private void checkNoCycle() {
    var graph = new DependencyGraph();
    for (Transaction each : happened.values()) {
      graph.add(each.id(), each, each.invoked(), each.ended());
    }
    versionOrders.forEach((object, order) -> {
      for (int i = 1; i < order.size(); i++) {
        graph.edge(writer(order.get(i - 1)), writer(order.get(i)), Kind.WRITE_WRITE, object);
      }
    });
    for (Transaction reader : happened.values()) {
      reader.reads().forEach((object, list) -> addReadEdges(graph, reader.id(), object, list));
    }
    graph.addRealTimeOrder();
    graph.anomaly().ifPresent(anomalies::add);
  }

  private void addReadEdges(DependencyGraph graph, int reader, String object, List<Integer> list) {
    List<Integer> order = versionOrders.getOrDefault(object, List.of());
    if (!list.isEmpty()) {
      graph.edge(writer(list.getLast()), reader, Kind.WRITE_READ, object);
    }
    if (order.size() > list.size()) {
      graph.edge(reader, writer(order.get(list.size())), Kind.READ_WRITE, object);
    }
  }

  private int writer(int element) {
    Transaction writer = writerOf.get(element);
    if (writer == null) {
      throw new IllegalStateException("checked before: every element has a writer");
    }
    return writer.id();
  }
}

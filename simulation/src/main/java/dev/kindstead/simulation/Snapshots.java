package dev.kindstead.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Judges every read by its timestamp: it must show exactly what commits at or below it have
 * appended, at whatever node and whenever it was made. Confined to one thread.
 */
final class Snapshots {
  /** How long a list was at a time. */
  private record Shown(long time, int length) {}

  private record Read(long time, Map<String, List<Integer>> lists, String nodeId) {}

  private final List<Read> reads = new ArrayList<>();
  private final Map<Integer, Long> commitTimes = new HashMap<>();
  private final List<Long> times = new ArrayList<>();

  /** A read was answered. */
  void read(long time, Map<String, List<Integer>> lists, String nodeId) {
    reads.add(new Read(time, lists, nodeId));
    times.add(time);
  }

  /** A commit was acknowledged that appended these elements. */
  void committed(long time, Collection<Integer> elements) {
    elements.forEach(element -> commitTimes.put(element, time));
    times.add(time);
  }

  /** Some timestamp that was heard of. */
  @Nullable Long someTime(RandomGenerator random) {
    return times.isEmpty() ? null : times.get(random.nextInt(times.size()));
  }

  /**
   * All anomalies, one line each.
   *
   * @param finalLists every object's list at the end
   */
  List<String> anomalies(Map<String, List<Integer>> finalLists) {
    var anomalies = new ArrayList<String>();
    Map<String, Shown> latest = new HashMap<>();
    reads.sort(Comparator.comparingLong(Read::time));
    for (Read read : reads) {
      read.lists()
          .forEach((object, list) -> {
            List<Integer> order = finalLists.getOrDefault(object, List.of());
            String why = disagreement(read.time(), list, order);
            var shown = new Shown(read.time(), list.size());
            Shown before = latest.put(object, shown);
            if (why.isEmpty() && before != null) {
              why = disagreement(shown, before);
            }
            if (!why.isEmpty()) {
              anomalies.add(
                  "snapshot of %s at %d read on %s: %s %s"
                      .formatted(object, read.time(), read.nodeId(), list, why));
            }
          });
    }
    return anomalies;
  }

  /** Only a commit of unknown outcome can be between the two. */
  private static String disagreement(Shown now, Shown before) {
    if (now.length() < before.length()) {
      return "is shorter than at an earlier time";
    }
    return now.time() == before.time() && now.length() != before.length()
        ? "was another list at the same time"
        : "";
  }

  private String disagreement(long time, List<Integer> list, List<Integer> order) {
    if (list.size() > order.size() || !order.subList(0, list.size()).equals(list)) {
      return "is no beginning of " + order;
    }
    for (int element : list) {
      Long committed = commitTimes.get(element);
      if (committed != null && committed > time) {
        return "holds %d, committed at %d".formatted(element, committed);
      }
    }
    for (int element : order.subList(list.size(), order.size())) {
      Long committed = commitTimes.get(element);
      if (committed != null && committed <= time) {
        return "lacks %d, committed at %d".formatted(element, committed);
      }
    }
    return "";
  }
}

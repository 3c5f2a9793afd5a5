package dev.kindstead.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What nodes should have in common and have not. Immutable. */
public record ClusterOddities(ClusterDescription cluster) {
  /** Far more than clocks kept by NTP differ, and than answers take. */
  public static final Duration CLOCKS_APART_MAX = Duration.ofSeconds(1);

  /**
   * How far each node's wall clock is ahead of the one in the middle, by node id; of two, the one
   * that is behind is that.
   */
  public SortedMap<String, Duration> clocksAhead() {
    Map<String, Instant> clocks = new TreeMap<>();
    for (NodeDescription node : cluster.reachable()) {
      node.condition().clock().ifPresent(at -> clocks.put(node.nodeId(), at));
    }
    List<Instant> sorted = clocks.values().stream().sorted(Comparator.naturalOrder()).toList();
    SortedMap<String, Duration> ahead = new TreeMap<>();
    clocks.forEach(
        (node, at) -> ahead.put(node, Duration.between(sorted.get((sorted.size() - 1) / 2), at)));
    return ahead;
  }

  /** Those of them that are too far apart. */
  public SortedMap<String, Duration> clocksApart() {
    SortedMap<String, Duration> apart = clocksAhead();
    apart.values().removeIf(ahead -> ahead.abs().compareTo(CLOCKS_APART_MAX) <= 0);
    return apart;
  }

  /** The settings that are not equal on all nodes that answer: ids of nodes by value, by name. */
  public SortedMap<String, SortedMap<String, List<String>>> differingSettings() {
    SortedMap<String, SortedMap<String, List<String>>> all = new TreeMap<>();
    for (NodeDescription node : cluster.reachable()) {
      node.condition()
          .settings()
          .forEach((name, value) ->
              all.computeIfAbsent(name, _ -> new TreeMap<>())
                  .computeIfAbsent(value, _ -> new ArrayList<>())
                  .add(node.nodeId()));
    }
    all.values().removeIf(values -> values.size() == 1);
    return all;
  }
}

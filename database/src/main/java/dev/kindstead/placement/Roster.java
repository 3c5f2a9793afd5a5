package dev.kindstead.placement;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The nodes of the cluster, as the system group has them. Immutable.
 *
 * @param voters who votes in the system group; as many replicas has each shard
 * @param zones of the nodes that replicas may be placed on, empty for none: those that are neither
 *     away nor removed
 */
public record Roster(SortedSet<String> voters, SortedMap<String, String> zones) {

  public Roster {
    voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    zones = Collections.unmodifiableSortedMap(new TreeMap<>(zones));
  }

  /** One line, to be told to nodes that have no replica of the system group. */
  public String toText() {
    return String.join(",", voters)
        + ';'
        + zones.entrySet().stream()
            .map(node -> node.getKey() + '=' + node.getValue())
            .collect(Collectors.joining(","));
  }

  /** The inverse of {@link #toText}; empty when it is none, as of another version. */
  public static Optional<Roster> parse(String text) {
    String[] parts = text.split(";", -1);
    if (parts.length != 2) {
      return Optional.empty();
    }
    var voters = new TreeSet<String>();
    for (String voter : parts[0].split(",")) {
      if (!voter.isEmpty()) {
        voters.add(voter);
      }
    }
    Map<String, String> zones = new TreeMap<>();
    for (String node : parts[1].split(",")) {
      int equals = node.indexOf('=');
      if (equals > 0) {
        zones.put(node.substring(0, equals), node.substring(equals + 1));
      }
    }
    return voters.isEmpty()
        ? Optional.empty()
        : Optional.of(new Roster(voters, new TreeMap<>(zones)));
  }
}

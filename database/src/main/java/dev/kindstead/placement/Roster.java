package dev.kindstead.placement;

import dev.kindstead.replication.Command;
import dev.kindstead.replication.NodePlace;
import java.util.Collection;
import java.util.Collections;
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
 * @param places of the nodes that replicas may be placed on: those that are neither away nor
 *     removed
 */
public record Roster(SortedSet<String> voters, SortedMap<String, NodePlace> places) {

  public Roster {
    voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
  }

  /** Of what the system group has. */
  public static Roster of(SortedSet<String> voters, Collection<Command.PutNode> nodes) {
    var places = new TreeMap<String, NodePlace>();
    nodes.stream()
        .filter(node -> !node.isAway())
        .forEach(node -> places.put(node.nodeId(), node.place()));
    return new Roster(voters, places);
  }

  /** One line, to be told to nodes that have no replica of the system group. */
  public String toText() {
    return String.join(",", voters)
        + ';'
        + places.entrySet().stream()
            .map(node -> node.getKey() + '=' + node.getValue().toText())
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
    var places = new TreeMap<String, NodePlace>();
    try {
      for (String node : parts[1].split(",")) {
        int equals = node.indexOf('=');
        if (equals > 0) {
          places.put(node.substring(0, equals), NodePlace.parse(node.substring(equals + 1)));
        }
      }
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return voters.isEmpty() ? Optional.empty() : Optional.of(new Roster(voters, places));
  }
}

package dev.kindstead.faults.machine;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that have not yet been seen level with their leaders, by what {@code kindstead shard
 * list --json} tells. Entries come all the time, so each must be level once, not all at one time.
 * Confined to one thread.
 */
public final class Laggards {
  private final Cluster cluster;

  /** Null until all nodes have answered. */
  private @Nullable Set<String> left;

  public Laggards(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Looks until there are none, or the time is over; one line for each that is left then. */
  public List<String> after(Duration max) {
    Pause.until(max, this::areNone);
    Set<String> missing = left == null ? Set.of("a node that does not answer") : left;
    return missing.stream()
        .map(each -> "%s is not level within %d s".formatted(each, max.toSeconds()))
        .toList();
  }

  private boolean areNone() {
    Optional<ClusterDescription> seen = cluster.describe();
    if (seen.isEmpty() || seen.get().reachable().size() < cluster.nodes().size()) {
      return false;
    }
    Set<String> now = behind(seen.get());
    if (left != null) {
      now.retainAll(left);
    }
    left = now;
    return now.isEmpty();
  }

  private static Set<String> behind(ClusterDescription seen) {
    Set<String> behind = new TreeSet<>();
    for (NodeDescription node : seen.reachable()) {
      for (ReplicaDescription replica : node.replicas()) {
        // What has moved away may stay there as it was. Without a leader nobody can say.
        if (seen.holds(node, replica.group())
            && seen.lagEntries(replica.group(), replica.status()).orElse(1) > 0) {
          behind.add("replica of %s on %s".formatted(replica.group(), node.apiAddress()));
        }
      }
    }
    return behind;
  }
}

package dev.kindstead.directory;

import dev.kindstead.replication.ReplicaStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a node may be removed now. Who was removed is stopped soon, perhaps before its replicas
 * are rebuilt: so without it, and without those who are leaving already or do not answer, every
 * group must keep a majority. Pure.
 */
public final class Removal {
  private final ClusterDescription cluster;
  private final Set<String> removed;
  private final String nodeId;

  /**
   * @param cluster as of now
   * @param removed nodes that were removed before, as the node that serves knows
   * @param nodeId the one to be removed
   */
  public Removal(ClusterDescription cluster, Set<String> removed, String nodeId) {
    this.cluster = cluster;
    this.removed = removed;
    this.nodeId = nodeId;
  }

  /** Why not, by the first of the groups that forbids it, or empty. */
  public String whyNot(Collection<String> groups) {
    return removed.contains(nodeId)
        ? ""
        : groups.stream().map(this::whyNot).filter(why -> !why.isEmpty()).findFirst().orElse("");
  }

  private String whyNot(String group) {
    Optional<ReplicaStatus> leads = cluster.leader(group).flatMap(node -> node.replica(group));
    if (leads.isEmpty()) {
      return "%s has no leader now, so nobody can tell what the removal would cost it: wait until `kindstead shard list` shows one, and try again"
          .formatted(group);
    }
    List<String> voters = leads.get().voters();
    if (!voters.contains(nodeId)) {
      return "";
    }
    var leaving = new TreeSet<>(voters);
    leaving.retainAll(removed);
    var silent = new TreeSet<>(voters);
    cluster.reachable().forEach(node -> silent.remove(node.nodeId()));
    silent.removeAll(leaving);
    silent.remove(nodeId);
    int left = voters.size() - 1 - leaving.size() - silent.size();
    return left > voters.size() / 2 || voters.size() == 1
        ? ""
        : whyNot(group, voters.size(), left, leaving, silent);
  }

  private String whyNot(String group, int all, int left, Set<String> leaving, Set<String> silent) {
    List<String> why = new ArrayList<>();
    if (!leaving.isEmpty()) {
      why.add(
          (leaving.size() == 1
                  ? "%s was removed before, and what it has is not rebuilt elsewhere yet: wait"
                      + " until `kindstead cluster status` calls it removed"
                  : "%s were removed before, and what they have is not rebuilt elsewhere yet: wait"
                      + " until `kindstead cluster status` calls them removed")
              .formatted(String.join(" and ", leaving)));
    }
    if (!silent.isEmpty()) {
      why.add(
          (silent.size() == 1
                  ? "%s does not answer: start it, or remove it first"
                  : "%s do not answer: start them, or remove them first")
              .formatted(String.join(" and ", silent)));
    }
    return "without node %s, %s would keep %d of %d replicas, which is no majority. %s"
        .formatted(nodeId, group, left, all, String.join("; ", why));
  }
}

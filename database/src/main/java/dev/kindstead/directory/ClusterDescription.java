package dev.kindstead.directory;

import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The cluster as one of its nodes sees it. The nodes' answers are not of one instant: they may
 * contradict each other while something changes. Immutable.
 *
 * @param askedNodeId who has asked the others
 * @param nodes by number and id
 */
public record ClusterDescription(String askedNodeId, Instant time, List<Report> nodes) {

  /**
   * One node's answer, or that there is none.
   *
   * @param description what is still known of a node that does not answer
   * @param failure why it does not answer, empty when it does
   * @param lastSeen when a node that does not answer last did, as far as the asker remembers
   */
  public record Report(NodeDescription description, String failure, Optional<Instant> lastSeen) {
    public boolean isReachable() {
      return failure.isEmpty();
    }
  }

  /**
   * Who decides, and how many of them answer.
   *
   * @param voters ids of the nodes with a vote
   */
  public record Quorum(Set<String> voters, long reachable) {
    public int needed() {
      return voters.size() / 2 + 1;
    }

    /** Without it nobody serves, or will. */
    public boolean isMajority() {
      return reachable >= needed();
    }
  }

  public ClusterDescription {
    nodes =
        nodes.stream()
            .sorted(
                Comparator.<Report>comparingInt(each ->
                        each.description().number() == 0
                            ? Integer.MAX_VALUE
                            : each.description().number())
                    .thenComparing(each -> each.description().nodeId()))
            .toList();
  }

  public String clusterId() {
    return nodes.isEmpty() ? "" : nodes.getFirst().description().clusterId();
  }

  /** Without the nodes that neither answer nor have a replica: they are no loss. */
  ClusterDescription withoutStrangers() {
    var known =
        nodes.stream()
            .filter(each -> each.isReachable() || isMember(each.description().nodeId()))
            .toList();
    return new ClusterDescription(askedNodeId, time, known);
  }

  /** The node that serves; of two that say so, the one that was elected later. */
  public Optional<NodeDescription> serving() {
    return reachable().stream()
        .filter(NodeDescription::serves)
        .max(
            Comparator.comparingLong(each ->
                each.replica(NodeDescription.SYSTEM_GROUP).map(ReplicaStatus::term).orElse(0L)));
  }

  public List<NodeDescription> reachable() {
    return nodes.stream().filter(Report::isReachable).map(Report::description).toList();
  }

  /** Nodes that want no more requests: they are drained, or stop. */
  public Set<String> draining() {
    return reachable().stream()
        .filter(node -> node.condition().draining())
        .map(NodeDescription::nodeId)
        .collect(Collectors.toSet());
  }

  /** Whether some other node than this one has a vote in the system group, answers and stays. */
  public boolean couldServeWithout(String nodeId) {
    Set<String> leaving = draining();
    return reachable().stream()
        .map(NodeDescription::nodeId)
        .filter(quorum().voters()::contains)
        .anyMatch(other -> !other.equals(nodeId) && !leaving.contains(other));
  }

  /** Of the system group, see the other one. */
  public Quorum quorum() {
    return quorum(NodeDescription.SYSTEM_GROUP);
  }

  /**
   * By the word of the node that has heard of the group's latest term, its leader if that answers:
   * who was taken away in this term does not hear who has come since.
   */
  public Quorum quorum(String group) {
    Set<String> voters =
        reachable().stream()
            .flatMap(each -> each.replica(group).stream())
            .max(
                Comparator.comparingLong(ReplicaStatus::term)
                    .thenComparing(status -> status.role() == Role.LEADS)
                    .thenComparingLong(ReplicaStatus::lastLogIndex))
            .map(ReplicaStatus::voters)
            .map(Set::copyOf)
            .orElse(Set.of());
    long answering =
        reachable().stream().map(NodeDescription::nodeId).filter(voters::contains).count();
    return new Quorum(voters, answering);
  }

  /** Whether a node has a replica of any group, by the word of those who lead them. */
  public boolean isMember(String nodeId) {
    return groups().stream().anyMatch(group -> quorum(group).voters().contains(nodeId));
  }

  /** Names of all replica groups: the system group first, then the shards. */
  public List<String> groups() {
    var names =
        reachable().stream()
            .flatMap(node -> node.replicas().stream())
            .map(NodeDescription.ReplicaDescription::group)
            .collect(Collectors.toCollection(TreeSet::new));
    boolean hasSystem = names.remove(NodeDescription.SYSTEM_GROUP);
    List<String> all = new ArrayList<>(names);
    if (hasSystem) {
      all.addFirst(NodeDescription.SYSTEM_GROUP);
    }
    return all;
  }

  /**
   * How far a change of members is.
   *
   * @param copiedBytes at most as many as there are
   * @param left empty while nobody can tell
   */
  public record Progress(
      NodeDescription.Move move, long copiedBytes, long allBytes, Optional<Duration> left) {
    public int percent() {
      return allBytes == 0 ? 0 : (int) (copiedBytes * 100 / allBytes);
    }
  }

  /** How far the change of the voters is, if one goes on. */
  public Optional<Progress> progress() {
    return serving()
        .flatMap(node ->
            node.move()
                .filter(NodeDescription.Move::isOfSystemGroup)
                .map(move -> progress(move, usedBytes(node), ClusterDescription::usedBytes)));
  }

  /** The moves of shards' replicas that go on, by the word of those who make them. */
  public List<Progress> shardMoves() {
    return reachable().stream()
        .flatMap(node -> node.move().stream())
        .filter(move -> !move.isOfSystemGroup())
        .sorted(Comparator.comparing(NodeDescription.Move::group))
        .map(move ->
            progress(
                move,
                leader(move.group()).map(node -> usedBytes(node, move.group())).orElse(0L),
                node -> usedBytes(node, move.group())))
        .toList();
  }

  /**
   * By what the nodes' disks hold.
   *
   * @param each a newcomer ends with about so much
   */
  private Progress progress(
      NodeDescription.Move move, long each, ToLongFunction<NodeDescription> there) {
    long all = each * move.in().size();
    long copied =
        reachable().stream()
            .filter(node -> move.in().contains(node.nodeId()))
            .mapToLong(node -> Math.min(each, there.applyAsLong(node)))
            .sum();
    Duration since = Duration.between(move.since(), time);
    Optional<Duration> left =
        copied == 0 || since.isNegative()
            ? Optional.empty()
            : Optional.of(
                Duration.ofSeconds(
                    (long) (since.toSeconds() * ((double) (all - copied) / copied))));
    return new Progress(move, copied, all, left);
  }

  /** How much of a shard's log a newcomer has applied, in percent; 100 without a leader. */
  public int percentThere(String nodeId, String group) {
    long all =
        leader(group)
            .flatMap(node -> node.replica(group))
            .map(ReplicaStatus::lastLogIndex)
            .orElse(0L);
    long there =
        reachable().stream()
            .filter(node -> node.nodeId().equals(nodeId))
            .flatMap(node -> node.replica(group).stream())
            .mapToLong(ReplicaStatus::appliedLogIndex)
            .findFirst()
            .orElse(0);
    return all == 0 ? 100 : (int) Math.min(100, there * 100 / all);
  }

  private static long usedBytes(NodeDescription node, String group) {
    return node.description(group).map(NodeDescription.ReplicaDescription::diskBytes).orElse(0L);
  }

  private static long usedBytes(NodeDescription node) {
    return node.disk().map(NodeDescription.Disk::usedBytes).orElse(0L);
  }

  /** Whether a node was removed for good, by the word of the node that serves. */
  public boolean isRemoved(String nodeId) {
    return serving().map(node -> node.removed().contains(nodeId)).orElse(false);
  }

  /** The node that leads a group; of two that say so, the one that was elected later. */
  public Optional<NodeDescription> leader(String group) {
    return reachable().stream()
        .filter(each -> each.replica(group).filter(it -> it.role() == Role.LEADS).isPresent())
        .max(
            Comparator.comparingLong(
                each -> each.replica(group).map(ReplicaStatus::term).orElse(0L)));
  }

  /** Whether a node has a replica of a group, by its leader's word, or else by its own. */
  public boolean holds(NodeDescription node, String group) {
    return leader(group)
        .or(() -> Optional.of(node))
        .flatMap(asked -> asked.replica(group))
        .filter(status -> status.voters().contains(node.nodeId()))
        .isPresent();
  }

  /** How many entries of its leader's log a replica has not applied; empty without a leader. */
  public OptionalLong lagEntries(String group, ReplicaStatus replica) {
    Optional<ReplicaStatus> leads = leader(group).flatMap(node -> node.replica(group));
    return leads.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, leads.get().lastLogIndex() - replica.appliedLogIndex()));
  }
}

package dev.kindstead.directory;

import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicaStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself now. Immutable.
 *
 * @param number the one in transaction ids; zero where it is not known
 * @param apiAddress where clients reach it, empty before it listens
 * @param nodeAddress where other nodes reach it, empty for a node alone
 * @param region its data centre, empty when it was not told
 * @param boot counts the starts of its data directory
 * @param started when this start was; empty where it is not known
 * @param serves whether API calls are served here
 * @param disk empty for data in memory
 * @param move the change of members that the node that serves is making
 * @param removed nodes that were removed from the cluster, as far as this one knows
 */
public record NodeDescription(
    String clusterId,
    String nodeId,
    int number,
    String apiAddress,
    String nodeAddress,
    NodePlace place,
    String region,
    String version,
    long boot,
    Optional<Instant> started,
    boolean serves,
    Optional<Disk> disk,
    Optional<Move> move,
    List<String> removed,
    List<ReplicaDescription> replicas,
    NodeCondition condition) {
  /** The replica group whose leader serves; the others are shards. */
  public static final String SYSTEM_GROUP = "system";

  /** What the data directory takes, and what its disk has left for this process. */
  public record Disk(long usedBytes, long freeBytes) {}

  /**
   * Nodes that get replicas and a vote, in the place of others or beside them.
   *
   * @param group whose replicas
   */
  public record Move(String group, List<String> in, List<String> out, Instant since) {
    public boolean isOfSystemGroup() {
      return group.equals(SYSTEM_GROUP);
    }
  }

  /**
   * A replica of this node, by the name of its group.
   *
   * @param diskBytes what its files take, those of a copy that is still coming included; zero for
   *     data in memory
   */
  public record ReplicaDescription(String group, ReplicaStatus status, long diskBytes) {}

  public NodeDescription {
    removed = List.copyOf(removed);
    replicas = List.copyOf(replicas);
  }

  /** A node that has never answered. */
  static NodeDescription ofUnseen(String clusterId, String nodeId, String nodeAddress) {
    return new NodeDescription(
        clusterId,
        nodeId,
        0,
        "",
        nodeAddress,
        NodePlace.ANYWHERE,
        "",
        "",
        0,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        NodeCondition.UNKNOWN);
  }

  /** The same, its clock carried to another moment. */
  NodeDescription withClock(Instant at) {
    return new NodeDescription(
        clusterId,
        nodeId,
        number,
        apiAddress,
        nodeAddress,
        place,
        region,
        version,
        boot,
        started,
        serves,
        disk,
        move,
        removed,
        replicas,
        condition.withClock(at));
  }

  /** What of it still holds when the node answers no more. */
  NodeDescription asLastKnown(String lastNodeAddress) {
    return new NodeDescription(
        clusterId,
        nodeId,
        number,
        apiAddress,
        lastNodeAddress.isEmpty() ? nodeAddress : lastNodeAddress,
        place,
        region,
        version,
        boot,
        started,
        false,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        NodeCondition.UNKNOWN);
  }

  /** The replica of a group, if there is one here. */
  public Optional<ReplicaStatus> replica(String group) {
    return description(group).map(ReplicaDescription::status);
  }

  /** The same, with what it takes. */
  public Optional<ReplicaDescription> description(String group) {
    return replicas.stream().filter(each -> each.group().equals(group)).findFirst();
  }
}

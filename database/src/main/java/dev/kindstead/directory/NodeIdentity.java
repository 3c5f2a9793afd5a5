package dev.kindstead.directory;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.RaftLogOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * Who a node is, and of which cluster; no address is part of it. Immutable. Bytes:
 * docs/formats/data-directory.md.
 *
 * @param clusterId the same on all nodes of a cluster
 * @param nodeId logical id, the name of this node's replicas in logs
 * @param nodeNumber named in transaction ids
 * @param shards how many shards the cluster was founded with
 * @param transactionKey secret of the cluster that signs transaction ids
 * @param members ids of the nodes with a vote in the system group, as this node has heard last: at
 *     first the founders, or nobody when it has joined later
 */
public record NodeIdentity(
    String clusterId,
    String nodeId,
    int nodeNumber,
    int shards,
    Bytes transactionKey,
    List<String> members) {
  static final int FORMAT = 2;

  /** Nodes that were made before there were clusters. */
  private static final String FIRST_LINE_ALONE = "kindstead-node 1";

  private static final String FIRST_LINE = "kindstead-node " + FORMAT;
  private static final int TRANSACTION_KEY_BYTES = 32;

  /** Founders have numbers from 1 on below this, newcomers from this on. */
  private static final int FOUNDERS_MAX = 6;

  /** Two newcomers may have one number: ids are unique by their timestamps, numbers only help. */
  private static final int NEWCOMER_NUMBERS = 30_000;

  /** The file names a format that this program is too old for, or is damaged. */
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  public NodeIdentity {
    members = List.copyOf(members);
  }

  /**
   * A new node, the only one of its cluster.
   *
   * @param random unpredictable
   */
  public static NodeIdentity alone(String nodeId, int shards, RandomGenerator random) {
    return found(nodeId, List.of(nodeId), shards, random);
  }

  /**
   * A new node's id.
   *
   * @param random unpredictable
   */
  public static String mintNodeId(RandomGenerator random) {
    return "node-%012x".formatted(random.nextLong() >>> 16);
  }

  /**
   * A new cluster, as one of its founders.
   *
   * @param founders ids of all of them, the node's own among them
   * @param random unpredictable
   */
  static NodeIdentity found(
      String nodeId, List<String> founders, int shards, RandomGenerator random) {
    var key = new byte[TRANSACTION_KEY_BYTES];
    random.nextBytes(key);
    return new NodeIdentity(
        mintClusterId(random),
        nodeId,
        founders.indexOf(nodeId) + 1,
        shards,
        Bytes.of(key),
        founders);
  }

  /** The same cluster, as another of its founders sees it. */
  NodeIdentity ofFounder(String other) {
    return new NodeIdentity(
        clusterId, other, members.indexOf(other) + 1, shards, transactionKey, members);
  }

  /** The same cluster, as a node sees it that was no founder. */
  NodeIdentity ofNewcomer(String other) {
    int number = FOUNDERS_MAX + Math.floorMod(other.hashCode(), NEWCOMER_NUMBERS);
    return new NodeIdentity(clusterId, other, number, shards, transactionKey, List.of());
  }

  /** The same, with other members. */
  public NodeIdentity withMembers(List<String> others) {
    return new NodeIdentity(clusterId, nodeId, nodeNumber, shards, transactionKey, others);
  }

  /**
   * A new cluster of this node alone, with the data of the one before.
   *
   * @param random unpredictable
   */
  public NodeIdentity recovered(RandomGenerator random) {
    return new NodeIdentity(
        mintClusterId(random), nodeId, nodeNumber, shards, transactionKey, List.of(nodeId));
  }

  private static String mintClusterId(RandomGenerator random) {
    return "cluster-%016x".formatted(random.nextLong());
  }

  /** Whether the cluster is this node. */
  public boolean isAlone() {
    return members.equals(List.of(nodeId));
  }

  /** Whether this node has founded the cluster, with others or alone. */
  public boolean isFounder() {
    return nodeNumber < FOUNDERS_MAX;
  }

  public String encode() {
    String lines =
        """
        %s
        cluster-id: %s
        node-id: %s
        node-number: %d
        shards: %d
        transaction-key: %s
        members: %s
        """
            .formatted(
                FIRST_LINE,
                clusterId,
                nodeId,
                nodeNumber,
                shards,
                Base64.getEncoder().encodeToString(transactionKey.array()),
                String.join(",", members));
    return lines + "checksum: %08x\n".formatted(checksum(lines));
  }

  public static NodeIdentity decode(String text) throws UnreadableException {
    String first = text.lines().findFirst().orElse("");
    boolean alone = first.equals(FIRST_LINE_ALONE);
    if (!alone && !first.equals(FIRST_LINE)) {
      throw new UnreadableException(
          first.startsWith("kindstead-node ")
              ? "its format is \"" + first + "\", this program knows \"" + FIRST_LINE + "\""
              : "it does not begin with \"" + FIRST_LINE + "\"");
    }
    int end = text.lastIndexOf("checksum: ");
    if (end < 0
        || !text.substring(end)
            .equals("checksum: %08x\n".formatted(checksum(text.substring(0, end))))) {
      throw new UnreadableException("its checksum does not match: it is damaged");
    }
    Map<String, String> values = Messages.values(text);
    try {
      String nodeId = nodeId(value(values, "node-id"));
      List<String> members = alone ? List.of(nodeId) : Messages.list(value(values, "members"));
      members.forEach(NodeIdentity::nodeId);
      return new NodeIdentity(
          value(values, "cluster-id"),
          nodeId,
          Integer.parseInt(value(values, "node-number")),
          shards(value(values, "shards")),
          Bytes.of(Base64.getDecoder().decode(value(values, "transaction-key"))),
          members);
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("a value makes no sense: " + e.getMessage());
    }
  }

  private static String nodeId(String text) {
    if (!RaftLogOptions.isNodeId(text)) {
      throw new IllegalArgumentException("\"" + text + "\" is no node's id");
    }
    return text;
  }

  private static int shards(String text) {
    int shards = Integer.parseInt(text);
    if (shards < 1) {
      throw new IllegalArgumentException(shards + " shards");
    }
    return shards;
  }

  private static String value(Map<String, String> values, String name) throws UnreadableException {
    String value = values.get(name);
    if (value == null) {
      throw new UnreadableException("it has no " + name);
    }
    return value;
  }

  private static long checksum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /** Hides the key from logs. */
  @Override
  public String toString() {
    return nodeId + " of " + clusterId;
  }
}

package dev.kindstead.server;

import dev.kindstead.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * Who a node is, minted with its data directory and never changed: no address is part of it.
 * Immutable. Bytes: docs/formats/data-directory.md.
 *
 * @param clusterId the same on all nodes of a cluster
 * @param nodeId logical id, the name of this node's replicas in logs
 * @param nodeNumber named in transaction ids
 * @param shards how many shards this directory was made with
 * @param transactionKey secret that signs transaction ids
 */
record NodeIdentity(
    String clusterId, String nodeId, int nodeNumber, int shards, Bytes transactionKey) {
  static final int FORMAT = 1;

  private static final String FIRST_LINE = "kindstead-node " + FORMAT;
  private static final int TRANSACTION_KEY_BYTES = 32;

  /** The file names a format that this program is too old for, or is damaged. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  /**
   * A new node, the first of its cluster.
   *
   * @param random unpredictable
   */
  static NodeIdentity mint(int shards, RandomGenerator random) {
    var key = new byte[TRANSACTION_KEY_BYTES];
    random.nextBytes(key);
    return new NodeIdentity(
        "cluster-%016x".formatted(random.nextLong()),
        "node-%012x".formatted(random.nextLong() >>> 16),
        1,
        shards,
        Bytes.of(key));
  }

  String encode() {
    String lines =
        """
        %s
        cluster-id: %s
        node-id: %s
        node-number: %d
        shards: %d
        transaction-key: %s
        """
            .formatted(
                FIRST_LINE,
                clusterId,
                nodeId,
                nodeNumber,
                shards,
                Base64.getEncoder().encodeToString(transactionKey.array()));
    return lines + "checksum: %08x\n".formatted(checksum(lines));
  }

  static NodeIdentity decode(String text) throws UnreadableException {
    String first = text.lines().findFirst().orElse("");
    if (!first.equals(FIRST_LINE)) {
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
    Map<String, String> values = new LinkedHashMap<>();
    text.lines()
        .filter(line -> line.contains(": "))
        .forEach(line -> values.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));
    try {
      return new NodeIdentity(
          value(values, "cluster-id"),
          value(values, "node-id"),
          Integer.parseInt(value(values, "node-number")),
          Integer.parseInt(value(values, "shards")),
          Bytes.of(Base64.getDecoder().decode(value(values, "transaction-key"))));
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("a value makes no sense: " + e.getMessage());
    }
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

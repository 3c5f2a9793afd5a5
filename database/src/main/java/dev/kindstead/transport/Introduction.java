package dev.kindstead.transport;

/**
 * Who a node says it is.
 *
 * @param clusterId empty while it belongs to none yet
 */
public record Introduction(String nodeId, String clusterId) {
  public Introduction {
    if (nodeId.isEmpty()) {
      throw new IllegalArgumentException("a node has an id");
    }
  }
}

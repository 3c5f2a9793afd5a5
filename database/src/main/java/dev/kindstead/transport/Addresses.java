package dev.kindstead.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the other nodes can be dialled. Thread-safe. */
final class Addresses {
  private static final Logger LOG = LoggerFactory.getLogger(Addresses.class);

  private final Map<String, NodeAddress> byNodeId = new ConcurrentHashMap<>();

  @Nullable NodeAddress of(String nodeId) {
    return byNodeId.get(nodeId);
  }

  void learn(String nodeId, NodeAddress address) {
    if (byNodeId.size() >= Limits.ADDRESSES_MAX && !byNodeId.containsKey(nodeId)) {
      LOG.warn("the address of node {} is not kept: too many nodes", nodeId);
      return;
    }
    NodeAddress before = byNodeId.put(nodeId, address);
    if (!address.equals(before)) {
      LOG.debug("node {} is at {}", nodeId, address);
    }
  }

  /** What a node says of itself; an address nobody can dial is not learned. */
  void learn(Greeting greeting) {
    if (!greeting.address().isEmpty()) {
      try {
        learn(greeting.nodeId(), NodeAddress.parse(greeting.address()));
      } catch (IllegalArgumentException e) {
        LOG.debug("node {} advertises {}", greeting.nodeId(), e.getMessage());
      }
    }
  }

  Map<String, NodeAddress> all() {
    return Map.copyOf(byNodeId);
  }
}

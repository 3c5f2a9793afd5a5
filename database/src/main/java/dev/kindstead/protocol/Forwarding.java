package dev.kindstead.protocol;

import dev.kindstead.environment.Network;
import java.time.Duration;

/**
 * What the front door needs to have calls served by another node.
 *
 * @param replicas serve reads that may be old, where this node can't
 * @param network reaches the other nodes
 * @param unservedMax how long a call looks for a node that serves it, from the first time it finds
 *     none
 * @param patience how long a node may take over a call before it matters that another one serves
 *     meanwhile
 */
public record Forwarding(
    ServingNode servingNode,
    ReplicaNodes replicas,
    Network network,
    Duration unservedMax,
    Duration patience) {
  /** A node that is alone: when it does not serve, nobody does, and waiting mends nothing. */
  public static final Forwarding NONE =
      new Forwarding(
          ServingNode.ALWAYS_HERE, ReplicaNodes.NONE, Network.NONE, Duration.ZERO, Duration.ZERO);

  /** The usual limits: a leader that is lost is replaced well before. */
  public static Forwarding over(Network network, ServingNode servingNode, ReplicaNodes replicas) {
    return new Forwarding(
        servingNode, replicas, network, Duration.ofSeconds(10), Duration.ofSeconds(3));
  }
}

package dev.kindstead.protocol;

import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

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
  private static final Network NOBODY =
      new Network() {
        @Override
        public CompletableFuture<byte[]> call(
            String nodeId, Service service, byte[] request, Duration timeout) {
          return CompletableFuture.failedFuture(new NotDelivered("this node is alone"));
        }

        @Override
        public void serve(Service service, Handler handler) {}
      };

  /** A node that is alone: when it does not serve, nobody does, and waiting mends nothing. */
  public static final Forwarding NONE =
      new Forwarding(
          ServingNode.ALWAYS_HERE, ReplicaNodes.NONE, NOBODY, Duration.ZERO, Duration.ZERO);

  /** The usual limits: a leader that is lost is replaced well before. */
  public static Forwarding over(Network network, ServingNode servingNode, ReplicaNodes replicas) {
    return new Forwarding(
        servingNode, replicas, network, Duration.ofSeconds(10), Duration.ofSeconds(3));
  }
}

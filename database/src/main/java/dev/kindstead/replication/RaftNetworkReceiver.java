package dev.kindstead.replication;

import com.alipay.sofa.jraft.util.Endpoint;
import dev.kindstead.environment.Network;
import java.util.concurrent.CompletableFuture;

/** Takes JRaft's messages of other nodes from the network to this node's replicas. Thread-safe. */
final class RaftNetworkReceiver implements Network.Handler {
  private final RaftNetwork network;
  private final Endpoint self;

  RaftNetworkReceiver(RaftNetwork network, String nodeId) {
    this.network = network;
    this.self = RaftNetwork.peer(nodeId).getEndpoint();
  }

  @Override
  public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
    RaftNetworkServer server = network.serverOf(self);
    if (server == null) {
      throw new IllegalStateException("this node has no replicas now");
    }
    var answer = new CompletableFuture<byte[]>();
    server.deliver(
        fromNodeId,
        RaftMessages.decode(request),
        response -> answer.complete(RaftMessages.encode(response)));
    return answer;
  }

  @Override
  public CompletableFuture<Void> disconnected(String fromNodeId) {
    RaftNetworkServer server = network.serverOf(self);
    return server == null ? CompletableFuture.completedFuture(null) : server.disconnect(fromNodeId);
  }
}

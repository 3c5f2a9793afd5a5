package dev.kindstead.simulation;

import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Counts what is asked of other nodes because there is no replica here. Confined to the scheduler's
 * thread.
 */
record CountedNetwork(Network network, Cluster cluster) implements Network {
  @Override
  public CompletableFuture<byte[]> call(
      String nodeId, Service service, byte[] request, Duration timeout) {
    if (service == Service.ROWS) {
      cluster.hit("rows asked of a leader");
    }
    return network.call(nodeId, service, request, timeout);
  }

  @Override
  public void serve(Service service, Handler handler) {
    network.serve(service, handler);
  }
}

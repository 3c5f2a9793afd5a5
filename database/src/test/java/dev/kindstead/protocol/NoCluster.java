package dev.kindstead.protocol;

import dev.kindstead.environment.Network;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A door's cluster about which there is nothing to say. */
enum NoCluster implements ClusterControl {
  NONE;

  /** A node of which nobody learns whether something was done about it. */
  static final String LOST = "node-lost";

  @Override
  public CompletableFuture<String> describe() {
    return CompletableFuture.completedFuture("{}\n");
  }

  @Override
  public CompletableFuture<String> act(String action, List<String> nodeIds) {
    return nodeIds.contains(LOST)
        ? CompletableFuture.failedFuture(new Network.AnswerLost("the connection was lost"))
        : CompletableFuture.completedFuture(action + " " + String.join("+", nodeIds) + " refused");
  }
}

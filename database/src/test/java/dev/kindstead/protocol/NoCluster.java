package dev.kindstead.protocol;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A door's cluster about which there is nothing to say. */
enum NoCluster implements ClusterControl {
  NONE;

  @Override
  public CompletableFuture<String> describe() {
    return CompletableFuture.completedFuture("{}\n");
  }

  @Override
  public CompletableFuture<String> act(String action, List<String> nodeIds) {
    return CompletableFuture.completedFuture(action + " " + String.join("+", nodeIds) + " refused");
  }
}

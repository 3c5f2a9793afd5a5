package dev.kindstead.protocol;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the front door asks of the cluster as a whole. Thread-safe; nothing blocks. */
public interface ClusterControl {
  /** The cluster as JSON. */
  CompletableFuture<String> describe();

  /**
   * Has something done about nodes.
   *
   * @param action such as "drain"
   * @return ends with why not, or empty when it is done or has begun; fails when nobody knows
   */
  CompletableFuture<String> act(String action, List<String> nodeIds);
}

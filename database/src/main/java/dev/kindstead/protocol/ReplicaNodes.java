package dev.kindstead.protocol;

import java.util.Optional;

/** The nodes that can serve reads that may be old, for a node that can't. Thread-safe. */
public interface ReplicaNodes {
  /** For a node that has replicas of its own, or is alone. */
  ReplicaNodes NONE =
      new ReplicaNodes() {
        @Override
        public Optional<String> choose() {
          return Optional.empty();
        }

        @Override
        public boolean isThere(String nodeId) {
          return false;
        }

        @Override
        public void ended(String nodeId, long nanos) {}
      };

  /** The id of one, which counts as busy until {@link #ended}; empty for none. */
  Optional<String> choose();

  /** Whether one that was chosen still answers, as far as this node knows. */
  boolean isThere(String nodeId);

  /** It has answered after this time, or will not. */
  void ended(String nodeId, long nanos);
}

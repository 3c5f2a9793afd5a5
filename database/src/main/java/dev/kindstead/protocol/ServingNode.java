package dev.kindstead.protocol;

import java.util.Optional;

/**
 * Which node of the cluster serves API calls now, as far as this node knows. Thread-safe; nothing
 * here blocks.
 */
public interface ServingNode {
  /** For a node that is alone. */
  ServingNode ALWAYS_HERE =
      new ServingNode() {
        @Override
        public boolean isHere() {
          return true;
        }

        @Override
        public boolean hasReplicas() {
          return true;
        }

        @Override
        public Optional<String> elsewhere() {
          return Optional.empty();
        }
      };

  /** Whether this node serves; asked for every call. */
  boolean isHere();

  /** Whether this node has replicas and is in touch: it may serve what has no home. */
  boolean hasReplicas();

  /** The id of another node that serves, empty when none is known. */
  Optional<String> elsewhere();
}

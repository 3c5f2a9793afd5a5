package dev.kindstead.transaction;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Waiting;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The other nodes of the cluster.
 *
 * @param network reaches them
 * @param servingByWord the one that leads the system group, as they have told: asked where this
 *     node's replica, if it has one, knows of none
 * @param waiting how a thread that reads waits for their rows
 */
public record OtherNodes(
    Network network, Supplier<Optional<String>> servingByWord, Waiting waiting) {
  /** Of a node that is alone. */
  public static final OtherNodes NONE = by(Network.NONE);

  /** Where every node has a replica of the system group. */
  public static OtherNodes by(Network network) {
    return new OtherNodes(network, Optional::empty, Waiting.BLOCKING);
  }
}

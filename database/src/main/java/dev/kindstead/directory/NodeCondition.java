package dev.kindstead.directory;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How a node is at the moment, by its own word. Immutable.
 *
 * @param draining whether it wants no more requests: it is drained, or stops
 * @param clock its wall clock; a {@link Survey} carries it back to its own beginning, so that nodes
 *     can be compared
 * @param readableUntil it answers reads with a {@code read_time} up to then without any other node;
 *     empty for none
 * @param settings those that should be equal on all nodes, by name
 */
public record NodeCondition(
    boolean draining,
    Optional<Instant> clock,
    Optional<Instant> readableUntil,
    Map<String, String> settings) {
  /** Of a node that does not answer, or whose version does not tell. */
  public static final NodeCondition UNKNOWN =
      new NodeCondition(false, Optional.empty(), Optional.empty(), Map.of());

  public NodeCondition {
    settings = Map.copyOf(settings);
  }

  /** The same with another clock. */
  NodeCondition withClock(Instant at) {
    return new NodeCondition(draining, Optional.of(at), readableUntil, settings);
  }
}

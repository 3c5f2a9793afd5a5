package dev.kindstead.simulation;

import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges what replicas were seen to hold: of one group, at one log index, all the same bytes.
 * Confined to one thread.
 */
final class StatesByLogIndex {
  private static final byte[] FIRST = {};
  private static final long PRIME = 0x100000001b3L;

  private final Map<State, Seen> seen = new HashMap<>();

  private record State(String group, long logIndex) {}

  private record Seen(long fingerprint, String nodeId) {}

  /**
   * @param isComparison whether another replica was seen to hold the same before
   */
  record Sighting(Optional<String> anomaly, boolean isComparison) {}

  Sighting saw(String group, long logIndex, String nodeId, long fingerprint) {
    var now = new Seen(fingerprint, nodeId);
    Seen before = seen.putIfAbsent(new State(group, logIndex), now);
    if (before == null || before.equals(now)) {
      return new Sighting(Optional.empty(), false);
    }
    if (before.fingerprint == fingerprint) {
      return new Sighting(Optional.empty(), true);
    }
    return new Sighting(
        Optional.of(
            "replicas of %s differ at log index %d: those of %s and %s"
                .formatted(group, logIndex, before.nodeId, nodeId)),
        false);
  }

  /** Of all that a store holds. */
  static long fingerprint(OrderedStore store) {
    long hash = 0xcbf29ce484222325L;
    try (OrderedStore.View view = store.view()) {
      for (Space space : List.of(Space.values())) {
        hash = hash * PRIME + space.ordinal();
        try (OrderedStore.Scan scan = view.scan(space, FIRST, FIRST, false)) {
          for (; scan.isValid(); scan.next()) {
            hash = hash * PRIME + Arrays.hashCode(scan.key());
            hash = hash * PRIME + Arrays.hashCode(scan.value());
          }
        }
      }
    }
    return hash;
  }
}

package dev.kindstead.simulation;

import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds replicas to be alike: of one group, all that have applied the same entries must hold the
 * same bytes. Looked at now and then. Confined to the scheduler's thread.
 */
final class ReplicaAgreement {
  private static final byte[] FIRST = {};
  private static final long PRIME = 0x100000001b3L;

  private final Cluster cluster;
  private final Map<State, Seen> seen = new HashMap<>();

  /** The last of each store, which holds as long as nothing is written. */
  private final IdentityHashMap<MemoryStore, Print> prints = new IdentityHashMap<>();

  private record State(int group, long logIndex) {}

  private record Seen(long fingerprint, String nodeId) {}

  private record Print(Object state, long fingerprint) {}

  ReplicaAgreement(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Compares what all replicas hold now with what any held before at the same log index. */
  void look() {
    for (SimulatedNode node : cluster.nodes()) {
      if (node.machine().isUp()) {
        for (int group = 0; group < cluster.groups().size(); group++) {
          look(node, group);
        }
      }
    }
  }

  private void look(SimulatedNode node, int group) {
    long logIndex = node.logs().get(group).storedLogIndex();
    var now = new Seen(knownFingerprint(node.store(group)), node.nodeId());
    Seen before = seen.putIfAbsent(new State(group, logIndex), now);
    if (before != null && before.fingerprint() != now.fingerprint()) {
      cluster.report(
          "replicas of %s differ at log index %d: those of %s and %s"
              .formatted(
                  cluster.groups().get(group).name(), logIndex, before.nodeId(), now.nodeId()));
    } else if (before != null && !before.nodeId().equals(now.nodeId())) {
      cluster.hit("replicas compared");
    }
  }

  /** Whether all replicas have applied all that was agreed on. */
  boolean isEven() {
    for (int group = 0; group < cluster.groups().size(); group++) {
      for (SimulatedNode node : cluster.nodes()) {
        if (!cluster.groups().get(group).voters().all().contains(node.nodeId())) {
          continue;
        }
        ReplicaStatus status = node.logs().get(group).status();
        if (status.appliedLogIndex() < cluster.groups().get(group).agreedLogIndex()) {
          return false;
        }
      }
    }
    return true;
  }

  private long knownFingerprint(MemoryStore store) {
    Print last = prints.get(store);
    if (last == null || last.state() != store.state()) {
      last = new Print(store.state(), fingerprint(store));
      prints.put(store, last);
    }
    return last.fingerprint();
  }

  private static long fingerprint(MemoryStore store) {
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

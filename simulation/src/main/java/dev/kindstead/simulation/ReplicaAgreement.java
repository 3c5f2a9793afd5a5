package dev.kindstead.simulation;

import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.storage.MemoryStore;
import java.util.IdentityHashMap;

/**
 * Holds replicas to be alike: of one group, all that have applied the same entries must hold the
 * same bytes. Looked at now and then. Confined to the scheduler's thread.
 */
final class ReplicaAgreement {
  private final Cluster cluster;
  private final StatesByLogIndex states = new StatesByLogIndex();

  /** The last of each store, which holds as long as nothing is written. */
  private final IdentityHashMap<MemoryStore, Print> prints = new IdentityHashMap<>();

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
    long fingerprint = knownFingerprint(node.store(group));
    String name = cluster.groups().get(group).name();
    var sighting = states.saw(name, logIndex, node.nodeId(), fingerprint);
    sighting.anomaly().ifPresent(cluster::report);
    if (sighting.isComparison()) {
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
      last = new Print(store.state(), StatesByLogIndex.fingerprint(store));
      prints.put(store, last);
    }
    return last.fingerprint();
  }
}

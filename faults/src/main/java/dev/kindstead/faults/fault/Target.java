package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Node;
import dev.kindstead.faults.workload.Workload;
import java.util.Random;

/**
 * Whom a fault befalls.
 *
 * @param victim the number of the node, when it is one
 */
public record Target(Cluster cluster, Workload workload, int victim, Random random) {
  Node node() {
    return cluster.node(victim);
  }

  /** Another one than the victim. */
  public int other() {
    int nodes = cluster.nodes().size();
    return (victim + 1 + random.nextInt(nodes - 1)) % nodes;
  }

  /** At least {@code min}, less than {@code min + span}. */
  int between(int min, int span) {
    return min + random.nextInt(span);
  }
}

package dev.kindstead.simulation;

import dev.kindstead.placement.LeaderPlacement.Policy;

/**
 * The cluster of a simulated world.
 *
 * @param nodes one, three or five
 * @param nasty whether logs and network do what they may at their worst
 * @param leaders where the leaders of shards belong
 * @param driftPpm by how many millionths clocks may run too fast or too slow
 */
public record Setting(int nodes, int shards, boolean nasty, Policy leaders, int driftPpm) {
  Setting withNodes(int others) {
    return new Setting(others, shards, nasty, leaders, driftPpm);
  }

  Setting withLeaders(Policy policy) {
    return new Setting(nodes, shards, nasty, policy, driftPpm);
  }
}

package dev.kindstead.simulation;

import dev.kindstead.model.ConcurrencyMode;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What a seed decides before its run begins.
 *
 * @param nodes one, three or five
 * @param duration simulated time with faults, before everything heals
 * @param faultEvery mean time between faults
 * @param nasty whether logs and network do what they may at their worst
 * @param leadersTogether whether the leaders of all shards are brought to one node
 * @param retention how far back snapshots can be read
 * @param idleLimit a transaction untouched for so long is over
 * @param driftPpm by how many millionths clocks may run too fast or too slow
 */
public record WorldOptions(
    long seed,
    int nodes,
    int shards,
    int clients,
    int objects,
    ConcurrencyMode mode,
    Duration duration,
    Duration faultEvery,
    boolean nasty,
    boolean leadersTogether,
    Duration retention,
    Duration idleLimit,
    int driftPpm,
    Plant plant) {
  private static final int DRIFT_PPM_MAX = 10_000;

  /** Draws the options of a seed. */
  public static WorldOptions draw(long seed, RandomGenerator random) {
    int[] nodes = {1, 1, 3, 3, 3, 3, 3, 5};
    var modes = ConcurrencyMode.values();
    return new WorldOptions(
        seed,
        nodes[random.nextInt(nodes.length)],
        1 + random.nextInt(4),
        2 + random.nextInt(7),
        2 + random.nextInt(7),
        modes[random.nextInt(modes.length)],
        Duration.ofSeconds(10 + random.nextInt(20)),
        Duration.ofMillis(400 + random.nextInt(4_000)),
        random.nextInt(4) != 0,
        true,
        random.nextInt(3) == 0 ? Duration.ofSeconds(8) : Duration.ofHours(1),
        Duration.ofSeconds(3 + random.nextInt(20)),
        random.nextInt(DRIFT_PPM_MAX + 1),
        Plant.NOTHING);
  }

  /** The same with a planted fault. */
  public WorldOptions with(Plant planted) {
    return new WorldOptions(
        seed,
        nodes,
        shards,
        clients,
        objects,
        mode,
        duration,
        faultEvery,
        nasty,
        leadersTogether,
        retention,
        idleLimit,
        driftPpm,
        planted);
  }

  /** The same on so many nodes. */
  public WorldOptions withNodes(int count) {
    return new WorldOptions(
        seed,
        count,
        shards,
        clients,
        objects,
        mode,
        duration,
        faultEvery,
        nasty,
        leadersTogether,
        retention,
        idleLimit,
        driftPpm,
        plant);
  }
}

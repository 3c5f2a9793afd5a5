package dev.kindstead.simulation;

import dev.kindstead.model.ConcurrencyMode;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What a seed decides before its run begins.
 *
 * @param duration simulated time with faults, before everything heals
 * @param crashEvery mean time between crashes of the node
 */
public record WorldOptions(
    long seed,
    int shards,
    int clients,
    int objects,
    ConcurrencyMode mode,
    Duration duration,
    Duration crashEvery,
    boolean nastyLog) {

  /** Draws the options of a seed. */
  public static WorldOptions draw(long seed, RandomGenerator random) {
    var modes = ConcurrencyMode.values();
    return new WorldOptions(
        seed,
        1 + random.nextInt(4),
        2 + random.nextInt(7),
        2 + random.nextInt(7),
        modes[random.nextInt(modes.length)],
        Duration.ofSeconds(10 + random.nextInt(20)),
        Duration.ofMillis(500 + random.nextInt(6_000)),
        random.nextInt(4) != 0);
  }
}

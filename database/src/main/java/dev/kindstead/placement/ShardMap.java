package dev.kindstead.placement;

import dev.kindstead.encoding.Slots;
import dev.kindstead.model.Invariant;

/**
 * Which shard owns which slots: contiguous ranges of equal size. Immutable.
 *
 * @param shards how many shards there are, numbered from 0
 */
public record ShardMap(int shards) {
  public static final int SHARDS_MAX = 256;

  public ShardMap {
    Invariant.check(shards >= 1 && shards <= SHARDS_MAX, "1 to 256 shards");
  }

  public int shardOf(int slot) {
    return (int) ((long) slot * shards / Slots.COUNT);
  }

  /** The lowest slot of a shard: a name for it that outlives other maps. */
  public int firstSlotOf(int shard) {
    return (int) (((long) shard * Slots.COUNT + shards - 1) / shards);
  }
}

package dev.kindstead.benchmarks;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.placement.ShardMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pairs of preloaded keys, each an entity group of its own, in one shard or in two. Which shard a
 * key is in is worked out by the server's own code. Immutable.
 */
final class ShardPairs {
  private final List<List<Integer>> byShard = new ArrayList<>();

  ShardPairs(Dataset data, int shards) {
    for (int shard = 0; shard < shards; shard++) {
      byShard.add(new ArrayList<>());
    }
    for (int number = 0; number < data.preloaded(); number++) {
      byShard.get(shardOf(data, number, shards)).add(number);
    }
    if (shards < 2 || byShard.stream().anyMatch(keys -> keys.size() < 2)) {
      throw new IllegalArgumentException("two shards with two keys each are needed");
    }
  }

  static int shardOf(Dataset data, int number, int shards) {
    var root = data.key(number).getPath(0);
    var key =
        new Key(
            new PartitionId(data.project(), "", ""),
            List.of(PathElement.ofName(root.getKind(), root.getName())));
    return new ShardMap(shards).shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
  }

  KeyPair inOneShard(Random random) {
    List<Integer> keys = byShard.get(random.nextInt(byShard.size()));
    int first = random.nextInt(keys.size());
    int second = (first + 1 + random.nextInt(keys.size() - 1)) % keys.size();
    return new KeyPair(keys.get(first), keys.get(second));
  }

  KeyPair inTwoShards(Random random) {
    int first = random.nextInt(byShard.size());
    int second = (first + 1 + random.nextInt(byShard.size() - 1)) % byShard.size();
    return new KeyPair(any(first, random), any(second, random));
  }

  private int any(int shard, Random random) {
    List<Integer> keys = byShard.get(shard);
    return keys.get(random.nextInt(keys.size()));
  }
}

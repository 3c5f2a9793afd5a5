package dev.kindstead.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ShardPairsTest {
  private static final int SHARDS = 4;

  private final Dataset data = new Dataset("benchmarks", 1_000, 500);
  private final ShardPairs pairs = new ShardPairs(data, SHARDS);
  private final Random random = new Random(11);

  @Test
  void aPairIsOfTwoKeysInAsManyShardsAsWasAskedFor() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      KeyPair one = pairs.inOneShard(random);
      assertThat(one.first()).isNotEqualTo(one.second());
      assertThat(shardOf(one.first())).isEqualTo(shardOf(one.second()));
      KeyPair two = pairs.inTwoShards(random);
      assertThat(shardOf(two.first())).isNotEqualTo(shardOf(two.second()));
      seen.add(shardOf(one.first()));
    }
    assertThat(seen).hasSize(SHARDS);
  }

  private int shardOf(int number) {
    return ShardPairs.shardOf(data, number, SHARDS);
  }
}

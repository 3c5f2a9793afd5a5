package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Row keys that sort, nest or read back other than the API's keys would lose or leak entities. */
class KeysOutOfOrderTest {
  private static final int ROUNDS = 20_000;

  @Test
  void rowKeysReadBackAsTheSameKeys() {
    RandomEntities random = new RandomEntities(1);
    for (int i = 0; i < ROUNDS; i++) {
      Key key = random.key();
      assertThat(KeyEncoding.decodeEntityKey(KeyEncoding.entityKey(key))).isEqualTo(key);
    }
  }

  @Test
  void rowKeysSortLikeKeys() {
    RandomEntities random = new RandomEntities(2);
    for (int i = 0; i < ROUNDS; i++) {
      Key left = random.key();
      Key right = related(random, left);
      int bytes = Arrays.compareUnsigned(KeyEncoding.entityKey(left), KeyEncoding.entityKey(right));
      assertThat(Integer.signum(bytes))
          .as("%s and %s", left, right)
          .isEqualTo(Integer.signum(ApiOrder.KEYS.compare(left, right)));
    }
  }

  @Test
  void aRowKeyIsAPrefixOfExactlyItsDescendants() {
    RandomEntities random = new RandomEntities(3);
    for (int i = 0; i < ROUNDS; i++) {
      Key ancestor = random.key();
      Key other = related(random, ancestor);
      boolean descends =
          other.partition().equals(ancestor.partition())
              && other.path().size() >= ancestor.path().size()
              && other.path().subList(0, ancestor.path().size()).equals(ancestor.path());
      byte[] prefix = KeyEncoding.entityKey(ancestor);
      byte[] row = KeyEncoding.entityKey(other);
      byte[] after = ByteOrder.afterPrefix(prefix);

      assertThat(ByteOrder.startsWith(row, prefix)).isEqualTo(descends);
      assertThat(Arrays.compareUnsigned(row, prefix) >= 0 && Arrays.compareUnsigned(row, after) < 0)
          .isEqualTo(descends);
    }
  }

  @Test
  void aPartitionIsAPrefixOfExactlyItsRows() {
    RandomEntities random = new RandomEntities(4);
    for (int i = 0; i < ROUNDS; i++) {
      Key key = random.key();
      PartitionId partition = random.key().partition();
      assertThat(
              ByteOrder.startsWith(
                  KeyEncoding.entityKey(key), KeyEncoding.partitionPrefix(partition)))
          .isEqualTo(key.partition().equals(partition));
    }
  }

  @Test
  void allOfAnEntityGroupHasOneGroupKey() {
    RandomEntities random = new RandomEntities(5);
    for (int i = 0; i < 1_000; i++) {
      Key key = random.key();
      Key root = new Key(key.partition(), List.of(key.root()));
      assertThat(KeyEncoding.entityGroupKey(key)).isEqualTo(KeyEncoding.entityKey(root));
    }
  }

  @Test
  void idsComeBeforeNamesAndNegativeIdsFirst() {
    List<Key> ordered =
        List.of(
            key(PathElement.ofId("K", -1)),
            key(PathElement.ofId("K", 1)),
            key(PathElement.ofId("K", 1), PathElement.ofId("A", 5)),
            key(PathElement.ofId("K", 10)),
            key(PathElement.ofName("K", "1")),
            key(PathElement.ofId("KK", 1)));
    assertThat(ordered.stream().map(KeyEncoding::entityKey).sorted(ByteOrder.UNSIGNED).toList())
        .containsExactlyElementsOf(ordered.stream().map(KeyEncoding::entityKey).toList());
  }

  private static Key key(PathElement... path) {
    return new Key(new PartitionId("p", "", ""), List.of(path));
  }

  /** A key that shares a random part of the other one's path. */
  private static Key related(RandomEntities random, Key key) {
    Key other = random.key();
    if (random.random().nextInt(4) == 0) {
      return other;
    }
    int shared = random.random().nextInt(key.path().size() + 1);
    List<PathElement> path = new ArrayList<>(key.path().subList(0, shared));
    if (shared == 0 || random.random().nextBoolean()) {
      path.addAll(other.path());
    }
    return new Key(key.partition(), path);
  }
}

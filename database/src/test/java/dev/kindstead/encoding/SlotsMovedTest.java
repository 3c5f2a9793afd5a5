package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A slot that changes between releases would look for stored entities on the wrong shard. */
class SlotsMovedTest {
  @Test
  void theHashIsXxh3() {
    // XXH3_64bits("") and XXH3_64bits("a") of the reference implementation, seed 0.
    assertThat(Hashing.xxh3_64().hashBytesToLong(new byte[0])).isEqualTo(0x2D06800538D394C2L);
    assertThat(Hashing.xxh3_64().hashBytesToLong(new byte[] {'a'})).isEqualTo(0xE6C632B61E964E1FL);
  }

  @Test
  void goldenVectors() {
    assertThat(slot("p", "", "", PathElement.ofId("Task", 1))).isEqualTo(8_385);
    assertThat(slot("p", "", "", PathElement.ofId("Task", 2))).isEqualTo(10_866);
    assertThat(slot("p", "", "", PathElement.ofId("Task", -1))).isEqualTo(9_651);
    assertThat(slot("p", "", "", PathElement.ofName("Task", "1"))).isEqualTo(5_554);
    assertThat(slot("p", "", "n", PathElement.ofName("Task", "1"))).isEqualTo(5_442);
    assertThat(slot("p", "d", "", PathElement.ofName("Task", "1"))).isEqualTo(1_383);
    assertThat(slot("my-project", "", "", PathElement.ofName("User", "John Doe")))
        .isEqualTo(15_987);
    assertThat(slot("my-project", "", "", PathElement.ofName("Größe", "a\0b"))).isEqualTo(1_306);
  }

  @Test
  void descendantsShareTheSlotOfTheirRoot() {
    PathElement root = PathElement.ofName("Task", "1");
    Key child = new Key(new PartitionId("p", "", ""), List.of(root, PathElement.ofId("Step", 5)));
    assertThat(Slots.slotOf(KeyEncoding.entityGroupKey(child))).isEqualTo(slot("p", "", "", root));
  }

  @Test
  void sequentialIdsSpreadEvenly() {
    int[] perShard = new int[4];
    for (int id = 1; id <= 40_000; id++) {
      perShard[slot("p", "", "", PathElement.ofId("Task", id)) * 4 / Slots.COUNT]++;
    }
    for (int count : perShard) {
      assertThat(count).isBetween(9_600, 10_400);
    }
  }

  private static int slot(String project, String database, String namespace, PathElement root) {
    Key key = new Key(new PartitionId(project, database, namespace), List.of(root));
    return Slots.slotOf(KeyEncoding.entityGroupKey(key));
  }
}

package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An edit changes its own nodes in place: what was published before must not change with them. */
final class FrozenWhileEditedTest {
  private static final int EDITS = 300;
  private static final int KEYS = 200;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyStateStaysWhatItWas(long seed) {
    var random = new SplittableRandom(seed);
    var expected = new TreeMap<Integer, Integer>();
    List<@Nullable SortedTree<Integer>> roots = new ArrayList<>();
    List<Map<Integer, Integer>> states = new ArrayList<>();
    SortedTree<Integer> root = null;
    for (int i = 0; i < EDITS; i++) {
      var edit = new SortedTree.Edit();
      for (int changes = random.nextInt(40); changes > 0; changes--) {
        int key = random.nextInt(KEYS);
        switch (random.nextInt(8)) {
          case 0 -> {
            int until = key + random.nextInt(20);
            root = SortedTree.removeRange(root, bytes(key), bytes(until), edit);
            expected.subMap(key, until).clear();
          }
          case 1, 2, 3 -> {
            root = SortedTree.remove(root, bytes(key), edit);
            expected.remove(key);
          }
          default -> {
            root = SortedTree.put(root, bytes(key), changes, edit);
            expected.put(key, changes);
          }
        }
      }
      roots.add(root);
      states.add(Map.copyOf(expected));
    }
    for (int i = 0; i < EDITS; i++) {
      var forwards = rows(roots.get(i), false);
      assertThat(forwards)
          .as("state %d", i)
          .isEqualTo(new ArrayList<>(new TreeMap<>(states.get(i)).entrySet()));
      assertThat(rows(roots.get(i), true)).isEqualTo(forwards.reversed());
      assertThat(SortedTree.size(roots.get(i))).isEqualTo(states.get(i).size());
    }
  }

  private static List<Map.Entry<Integer, Integer>> rows(
      @Nullable SortedTree<Integer> root, boolean reverse) {
    List<Map.Entry<Integer, Integer>> rows = new ArrayList<>();
    var walk = new SortedWalk<>(root, reverse);
    walk.toFirst();
    for (var row = walk.position(); row != null; row = walk.position()) {
      rows.add(Map.entry(ByteBuffer.wrap(row.key()).getInt(), row.value()));
      walk.next();
    }
    return rows;
  }

  private static byte[] bytes(int key) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
  }
}

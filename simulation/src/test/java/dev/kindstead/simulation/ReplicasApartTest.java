package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.WriteSet;
import org.junit.jupiter.api.Test;

/** Replicas that differ at a log index are found, by whatever byte in whatever space. */
final class ReplicasApartTest {
  private static final byte[] KEY = {1};
  private static final byte[] VALUE = {2, 3};

  private final StatesByLogIndex states = new StatesByLogIndex();

  @Test
  void oneThatDiffersAtOneLogIndex() {
    assertThat(saw("shard-0", 7, "a", 1).isComparison()).isFalse();
    assertThat(saw("shard-0", 8, "a", 2).isComparison()).isFalse();
    assertThat(saw("shard-1", 8, "b", 3).anomaly()).as("another group").isEmpty();
    assertThat(saw("shard-0", 7, "b", 1).isComparison()).isTrue();
    assertThat(saw("shard-0", 8, "b", 3).anomaly())
        .contains("replicas of shard-0 differ at log index 8: those of a and b");
    assertThat(saw("shard-0", 9, "a", 4).anomaly()).isEmpty();
    assertThat(saw("shard-0", 9, "b", 4).anomaly()).as("alike again").isEmpty();
  }

  @Test
  void oneThatIsAnotherAfterItsRestart() {
    saw("shard-0", 7, "a", 1);
    assertThat(saw("shard-0", 7, "a", 1).isComparison()).as("with itself").isFalse();
    assertThat(saw("shard-0", 7, "a", 2).anomaly()).isPresent();
  }

  @Test
  void everyByteOfEverySpaceCounts() {
    long one = StatesByLogIndex.fingerprint(store(Space.CURRENT, KEY, VALUE));
    assertThat(StatesByLogIndex.fingerprint(store(Space.CURRENT, KEY, VALUE))).isEqualTo(one);
    for (Space space : Space.values()) {
      MemoryStore more = store(Space.CURRENT, KEY, VALUE);
      put(more, space, new byte[] {9}, VALUE);
      assertThat(StatesByLogIndex.fingerprint(more)).as("%s", space).isNotEqualTo(one);
    }
    assertThat(StatesByLogIndex.fingerprint(new MemoryStore())).isNotEqualTo(one);
    assertThat(StatesByLogIndex.fingerprint(store(Space.INDEX, KEY, VALUE))).isNotEqualTo(one);
    assertThat(StatesByLogIndex.fingerprint(store(Space.CURRENT, KEY, new byte[] {2, 4})))
        .isNotEqualTo(one);
    assertThat(StatesByLogIndex.fingerprint(store(Space.CURRENT, new byte[] {2}, VALUE)))
        .isNotEqualTo(one);
  }

  private StatesByLogIndex.Sighting saw(String group, long logIndex, String node, long print) {
    return states.saw(group, logIndex, node, print);
  }

  private static MemoryStore store(Space space, byte[] key, byte[] value) {
    var store = new MemoryStore();
    put(store, space, key, value);
    return store;
  }

  private static void put(MemoryStore store, Space space, byte[] key, byte[] value) {
    var writes = new WriteSet();
    writes.put(space, key, value);
    store.write(writes);
  }
}

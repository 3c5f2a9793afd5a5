package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A commit that no log entry has room for is refused; its shard goes on. */
final class OversizedCommitTest {
  private final World world = new World();

  /** The changes alone would have fitted; the answer, with all the allocated keys, would not. */
  @Test
  void theAnswerCountsToo() {
    TransactionId id = world.begin();
    var path = new ArrayList<PathElement>();
    for (String letter : List.of("w", "x", "y", "z")) {
      path.add(PathElement.ofName("K", letter.repeat(1_480)));
    }
    Key root = new Key(World.key("a").partition(), List.of(path.getFirst()));
    path.add(PathElement.incomplete("C"));
    Key incomplete = new Key(root.partition(), path);
    Mutation[] inserts =
        Collections.nCopies(1_450, World.insertEmpty(incomplete)).toArray(Mutation[]::new);
    var commit = world.startCommit(id, inserts);
    world.run();
    assertThat(codeOf(commit)).isEqualTo(Code.INVALID_ARGUMENT);
    world.put(upsert(root, 1));
    assertThat(world.get(root)).isEqualTo(1);
  }

  /** What a transaction has read is in the entry that prepares its part. */
  @Test
  void whatWasReadCountsToo() {
    TransactionId id = world.begin();
    Key root = World.keyOn(1, 0);
    read(id, root, 0, 10_000);
    var mutations = new ArrayList<Mutation>();
    mutations.add(upsert(World.keyOn(0, 0), 1));
    for (int i = 0; i < 2_400; i++) {
      mutations.add(upsert(child(root, "w" + i), 1));
    }
    var commit = world.startCommit(id, mutations.toArray(Mutation[]::new));
    world.run();
    assertThat(codeOf(commit)).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(world.heldLatches()).isZero();
    world.put(upsert(root, 1));
    assertThat(world.get(root)).isEqualTo(1);
  }

  @Test
  void aTransactionReadsOnlyWhatItCanKeep() {
    TransactionId id = world.begin();
    Key root = World.keyOn(1, 0);
    int fitting = (int) (ReadSet.BYTES_MAX / 1_600);
    read(id, root, 0, fitting);
    assertThatThrownBy(() -> read(id, root, fitting, 2 * fitting))
        .isInstanceOf(DatastoreException.class)
        .hasMessageContaining("16777216 bytes");
  }

  private void read(TransactionId id, Key root, int from, int until) {
    for (int i = from; i < until; i++) {
      world.get(id, child(root, "r" + i));
    }
  }

  /** Nearly as long as a name may be. */
  private static Key child(Key root, String name) {
    var path = new ArrayList<>(root.path());
    path.add(PathElement.ofName("C", name + "x".repeat(1_480)));
    return new Key(root.partition(), path);
  }
}

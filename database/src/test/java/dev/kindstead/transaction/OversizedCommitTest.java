package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
    var insert =
        new Mutation(
            Mutation.Operation.INSERT,
            incomplete,
            new Entity(incomplete, Map.of()),
            Mutation.NoDetection.NONE,
            Mutation.Resolution.SERVER_VALUE,
            null,
            List.of());
    Mutation[] inserts = Collections.nCopies(1_450, insert).toArray(Mutation[]::new);
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
    String padding = "x".repeat(1_480);
    for (int i = 0; i < 10_000; i++) {
      world.get(id, child(root, "r" + i + padding));
    }
    var mutations = new ArrayList<Mutation>();
    mutations.add(upsert(World.keyOn(0, 0), 1));
    for (int i = 0; i < 2_400; i++) {
      mutations.add(upsert(child(root, "w" + i + padding), 1));
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
    String name = "x".repeat(1_480);
    int fitting = (int) (ReadSet.BYTES_MAX / 1_600);
    for (int i = 0; i < fitting; i++) {
      world.get(id, child(root, i + name));
    }
    assertThatThrownBy(
            () -> {
              for (int i = fitting; i < 2 * fitting; i++) {
                world.get(id, child(root, i + name));
              }
            })
        .isInstanceOf(DatastoreException.class)
        .hasMessageContaining("16777216 bytes");
  }

  private static Key child(Key root, String name) {
    var path = new ArrayList<>(root.path());
    path.add(PathElement.ofName("C", name));
    return new Key(root.partition(), path);
  }
}

package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Value;
import dev.kindstead.storage.Space;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A shard remembers its last 100,000 changes. Whether something older has changed it finds out by a
 * walk over what was read, on the thread on which all its commits wait.
 */
final class ValidationWalksEverythingTest {
  private static final int PAGE = 1_000;
  private static final String READ = "read";
  private static final Key ROOT = World.key(READ);

  private final World world = new World();

  private void fill(int count) {
    for (int from = 0; from < count; from += PAGE) {
      world.put(
          IntStream.range(from, Math.min(count, from + PAGE))
              .mapToObj(i -> World.upsert(World.child(READ, "c" + i), 1))
              .toArray(Mutation[]::new));
    }
  }

  /** More changes beside what was read than are remembered. */
  private void forget() {
    List<Value> many =
        IntStream.range(0, PAGE).mapToObj(i -> Value.of(new Value.IntegerValue(i))).toList();
    for (int i = 0; i < 110; i++) {
      Key key = World.keyOn(World.shardOf(ROOT), i);
      world.put(
          new Mutation(
              Mutation.Operation.UPSERT,
              key,
              new Entity(key, Map.of("many", Value.of(new Value.ArrayValue(many)))),
              Mutation.NoDetection.NONE,
              Mutation.Resolution.SERVER_VALUE,
              null,
              List.of()));
    }
  }

  private TransactionId reader() {
    TransactionId reader = world.begin();
    int shard = World.shardOf(ROOT);
    byte[] group = KeyEncoding.entityGroupKey(ROOT);
    try (var session =
        world.await(
            world
                .transactions()
                .readShards(
                    World.DATABASE, new ReadMode.InTransaction(reader), new int[] {shard}))) {
      session.noteRange(shard, Space.CURRENT, group, ByteOrder.afterPrefix(group));
    }
    return reader;
  }

  private void commit(TransactionId reader) {
    assertThat(world.commit(reader, World.upsert(World.child(READ, "c1"), 2)).commitTime())
        .isPositive();
  }

  @Test
  void whatIsTooMuchToLookAtCountsAsChanged() {
    fill(Acquisition.ROWS_WALKED_MAX + 1);
    TransactionId reader = reader();
    forget();
    assertThatThrownBy(() -> commit(reader))
        .isInstanceOf(DatastoreException.class)
        .extracting(failure -> ((DatastoreException) failure).code())
        .isEqualTo(Code.ABORTED);
    commit(reader()); // which the changes remembered suffice for
  }

  @Test
  void whatIsNotTooMuchIsLookedAt() {
    fill(PAGE);
    TransactionId reader = reader();
    forget();
    commit(reader);
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.insert;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 2: of two transactions that each read what the other writes, one fails. */
final class WriteSkewTest {
  private final World world = new World();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void onItems(int secondShard) {
    Key left = keyOn(0, 0);
    Key right = keyOn(secondShard, 1);
    world.put(upsert(left, 1), upsert(right, 1));
    TransactionId one = world.begin();
    TransactionId other = world.begin();
    world.get(one, left);
    world.get(one, right);
    world.get(other, left);
    world.get(other, right);
    var first = world.startCommit(one, upsert(left, 0));
    var second = world.startCommit(other, upsert(right, 0));
    world.run();
    assertThat(first.isCompletedExceptionally() && second.isCompletedExceptionally()).isFalse();
    var failed = first.isCompletedExceptionally() ? first : second;
    assertThat(codeOf(failed)).isEqualTo(Code.ABORTED);
    assertThat(List.of(value(left), value(right))).containsExactlyInAnyOrder(0L, 1L);
  }

  private long value(Key key) {
    Long value = world.get(key);
    return value == null ? -1 : value;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void onPhantoms(int secondShard) {
    Key left = keyOn(0, 0);
    Key right = keyOn(secondShard, 1);
    int[] all = {0, 1, 2, 3};
    TransactionId one = world.begin();
    TransactionId other = world.begin();
    assertThat(world.count(new ReadMode.InTransaction(one), all)).isZero();
    assertThat(world.count(new ReadMode.InTransaction(other), all)).isZero();
    var first = world.startCommit(one, insert(left, 1));
    var second = world.startCommit(other, insert(right, 1));
    world.run();
    assertThat(first.isCompletedExceptionally()).isNotEqualTo(second.isCompletedExceptionally());
    assertThat(world.count(new ReadMode.Strong(), all)).isEqualTo(1);
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.insert;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import org.junit.jupiter.api.Test;

/** The development server's reset removes everything, whatever is in progress. */
final class ResetLeavesSomethingTest {
  private final World world = new World();

  @Test
  void afterWritesTransactionsAndARestart() {
    Key key = keyOn(0, 0);
    Key other = keyOn(1, 0);
    world.put(upsert(key, 1), upsert(other, 1));
    TransactionId open = world.begin();
    world.get(open, key);
    var before = world.startPut(upsert(key, 2));
    var reset = world.transactions().reset();
    world.await(reset);
    assertThat(before).isCompleted();
    assertThat(world.count(new ReadMode.Strong(), 0, 1, 2, 3)).isZero();
    var late = world.startCommit(open, upsert(key, 3));
    world.run();
    assertThat(codeOf(late)).isEqualTo(Code.ABORTED);
    world.put(insert(key, 4));
    assertThat(world.get(key)).isEqualTo(4);
    world.restart();
    assertThat(world.get(key)).isEqualTo(4);
    assertThat(world.get(other)).isNull();
  }
}

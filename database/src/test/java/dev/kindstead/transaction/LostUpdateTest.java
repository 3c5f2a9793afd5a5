package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.delete;
import static dev.kindstead.transaction.World.insert;
import static dev.kindstead.transaction.World.key;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import org.junit.jupiter.api.Test;

/** Rule 2: what a transaction has read must not have changed when it commits. */
final class LostUpdateTest {
  private final World world = new World();

  @Test
  void acknowledgedWritesAreRead() {
    Key key = key("a");
    CommitResult first = world.put(upsert(key, 1));
    assertThat(world.get(key)).isEqualTo(1);
    CommitResult second = world.put(upsert(key, 2));
    assertThat(world.get(key)).isEqualTo(2);
    assertThat(second.results().getFirst().createTime())
        .isEqualTo(first.results().getFirst().version());
    assertThat(second.commitTime()).isGreaterThan(first.commitTime());
    assertThat(world.getAt(first.commitTime(), key)).isEqualTo(1);
    world.put(delete(key));
    assertThat(world.get(key)).isNull();
  }

  @Test
  void ofTwoThatReadTheSameVersionOneCommits() {
    Key key = key("a");
    world.put(upsert(key, 1));
    TransactionId one = world.begin();
    TransactionId other = world.begin();
    assertThat(world.get(one, key)).isEqualTo(1);
    assertThat(world.get(other, key)).isEqualTo(1);
    var first = world.startCommit(one, upsert(key, 2));
    var second = world.startCommit(other, upsert(key, 3));
    world.run();
    assertThat(first).isCompleted();
    assertThat(codeOf(second)).isEqualTo(Code.ABORTED);
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void aWriteInFlightCountsAsAConflict() {
    Key key = keyOn(0, 0);
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    world.log(0).pause();
    var put = world.startPut(upsert(key, 2));
    world.run();
    var commit = world.startCommit(id, upsert(key, 3));
    world.startCompany(0);
    world.run();
    assertThat(codeOf(commit)).isEqualTo(Code.ABORTED);
    world.log(0).resume();
    world.run();
    assertThat(put).isCompleted();
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void writesOfOneKeyWaitForEachOther() {
    Key key = key("a");
    var first = world.startPut(upsert(key, 1));
    var second = world.startPut(upsert(key, 2));
    world.run();
    assertThat(second.join().commitTime()).isGreaterThan(first.join().commitTime());
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void insertOfWhatIsThereFails() {
    Key key = key("a");
    world.put(insert(key, 1));
    var again = world.startPut(insert(key, 2));
    world.run();
    assertThat(codeOf(again)).isEqualTo(Code.ALREADY_EXISTS);
  }
}

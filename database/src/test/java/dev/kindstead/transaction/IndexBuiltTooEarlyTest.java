package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.DATABASE;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What was evaluated before a shard maintained an index may be applied much later: whoever enters
 * the shard's entities waits for it.
 */
final class IndexBuiltTooEarlyTest {
  private final World world = new World();

  @Test
  void aPreparedCommitIsWaitedFor() {
    TransactionId id = world.begin();
    world.log(0).pause();
    var commit = world.startCommit(id, upsert(keyOn(0, 0), 1), upsert(keyOn(1, 0), 1));
    world.run();
    IndexLogs indexes = world.transactions().indexes();
    var maintained =
        indexes.putOnShard(
            1,
            new IndexRecord(
                new IndexDefinition(
                    1, DATABASE, "K", true, List.of(new IndexedProperty("a", false))),
                IndexState.CREATING,
                1,
                1,
                Bytes.EMPTY));
    var settled = indexes.settle(1);
    world.run();
    assertThat(maintained).isCompleted();
    assertThat(commit).isNotDone();
    assertThat(settled).isNotDone();
    world.log(0).resume();
    world.run();
    assertThat(commit).isCompleted();
    assertThat(settled).isCompleted();
    assertThat(indexes.settle(1)).as("nothing left to wait for").isNotCompletedExceptionally();
  }
}

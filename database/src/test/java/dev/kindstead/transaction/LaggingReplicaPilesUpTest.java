package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What waits for a replica that gets no further fills the memory of a node that runs on. */
final class LaggingReplicaPilesUpTest {
  private final Nodes nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
  private final Key two = keyOn(1, 0);

  @Test
  void aReadThatHasGivenUpLeavesNothingBehind() {
    nodes.log("n1", 1).lag();
    for (long value = 1; value <= 5; value++) {
      nodes.await(nodes.startPut("n1", upsert(two, value)));
      var read = nodes.startGet("n1", new ReadMode.Strong(), two);
      nodes.pass(Duration.ofMillis(500));
      assertThat(nodes.node("n1").waiting()).isEqualTo(1);
      nodes.pass(Duration.ofSeconds(1));
      assertThat(read).isCompletedWithValue(value);
    }
    assertThat(nodes.node("n1").waiting()).isZero();
  }

  @Test
  void twoThatWaitForTheSameAreToldBoth() {
    nodes.log("n1", 1).lag();
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    var first = nodes.startGet("n1", new ReadMode.Strong(), two);
    nodes.pass(Duration.ofMillis(600));
    var second = nodes.startGet("n1", new ReadMode.Strong(), two);
    nodes.pass(Duration.ofMillis(600));
    assertThat(first).isCompletedWithValue(1L);
    assertThat(second).isNotDone();
    nodes.log("n1", 1).followAgain();
    nodes.pass(Duration.ofMillis(1));
    assertThat(second).isCompletedWithValue(1L);
    assertThat(nodes.node("n1").waiting()).isZero();
  }

  @Test
  void aReplicaThatHasStoppedForGoodIsNotWaitedFor() {
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    nodes.log("n1", 1).fail();
    nodes.await(nodes.startPut("n1", upsert(two, 2)));
    var read = nodes.startGet("n1", new ReadMode.Strong(), two);
    var scan = nodes.node("n1").readShard(1);
    nodes.pass(Duration.ofMillis(100));
    assertThat(read).isCompletedWithValue(2L);
    assertThat(scan).isCompleted();
  }
}

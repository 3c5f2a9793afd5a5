package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A leader waits for a commit's timestamp while another one leads, commits, and gives the lead
 * back: what was validated before that is validated again (rule 2).
 */
final class StampedInAnotherTermTest {
  private static final Duration STEP = Duration.ofNanos(250_000);
  private static final int STEPS = 50;

  private final Key key = keyOn(1, 0);

  @Test
  void whatAnotherLeaderCommittedMeanwhileIsNotOverwritten() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(key, 1)));
    TransactionId id = nodes.begin("n1");
    assertThat(nodes.get("n1", id, key)).isEqualTo(1);
    nodes.askLate("n2");
    var commit = nodes.startCommit("n1", id, upsert(key, 2));
    nodes.pass(Duration.ofMillis(5));
    nodes.lead(1, "n3");
    nodes.pass(Duration.ofMillis(50));
    var other = nodes.startPut("n1", upsert(key, 100));
    nodes.pass(Duration.ofMillis(50));
    assertThat(other).isCompleted();
    assertThat(commit).isNotDone();
    nodes.lead(1, "n2");
    nodes.pass(Duration.ofSeconds(5));
    assertThat(commit).isCompletedExceptionally();
    assertThat(nodes.get("n1", key)).isEqualTo(100);
  }

  /** The latch that the first leader took is that of the prepared part by then. */
  @Test
  void whatIsPreparedMeanwhileStaysLatched() {
    Key decided = keyOn(0, 0);
    int bothCommitted = 0;
    for (int steps = 0; steps < STEPS; steps++) {
      var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
      nodes.await(nodes.startPut("n1", upsert(key, 1)));
      TransactionId id = nodes.begin("n1");
      nodes.askLate("n2");
      var late = nodes.startPut("n1", upsert(key, 2));
      nodes.pass(Duration.ofMillis(5));
      nodes.lead(1, "n3");
      nodes.pass(Duration.ofMillis(50));
      var commit = nodes.startCommit("n1", id, upsert(decided, 3), upsert(key, 3));
      for (int i = 0; i < steps; i++) {
        nodes.pass(STEP);
      }
      nodes.lead(1, "n2");
      nodes.pass(Duration.ofSeconds(12));
      assertThat(late).isDone();
      assertThat(commit).isDone();
      if (!late.isCompletedExceptionally() && !commit.isCompletedExceptionally()) {
        boolean isLateLast = late.join().commitTime() > commit.join().commitTime();
        assertThat(nodes.get("n1", key)).as("after %d steps", steps).isEqualTo(isLateLast ? 2 : 3);
        bothCommitted++;
      }
    }
    assertThat(bothCommitted).isPositive();
  }
}

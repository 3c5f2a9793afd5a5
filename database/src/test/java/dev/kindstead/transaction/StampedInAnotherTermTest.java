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
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A home that has not heard of its successor knows nothing of the transactions that began there: it
 * must not say that they are over.
 */
final class HomeOfThePastTest {
  private final Nodes nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
  private final Key key = keyOn(1, 0); // another node than the home of the past leads its shard
  private final Runnable hear = nodes.leadUnnoticed(World.SHARDS, "n2");
  private final TransactionId id = nodes.pass(Duration.ofSeconds(1)).begin("n2");

  @Test
  void itDoesNotRefuseTheirReads() {
    var read = nodes.startGet("n1", new ReadMode.InTransaction(id), key);
    nodes.pass(Duration.ofSeconds(1));
    assertThat(codeOf(read)).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void itDoesNotRefuseTheirCommitsOfNothing() {
    var commit = nodes.startCommit("n1", id);
    nodes.pass(Duration.ofSeconds(1));
    assertThat(codeOf(commit)).isEqualTo(Code.UNAVAILABLE);
    nodes.await(nodes.startCommit("n2", id));
  }

  @Test
  void itDoesNotRefuseTheirCommits() {
    var commit = nodes.startCommit("n1", id, upsert(key, 1));
    hear.run();
    nodes.pass(Duration.ofSeconds(1));
    assertThat(codeOf(commit)).isEqualTo(Code.UNAVAILABLE);
    nodes.await(nodes.startCommit("n2", id, upsert(key, 1)));
    assertThat(nodes.get("n2", key)).as("asking the log would have ended it").isEqualTo(1);
  }

  @Test
  void itDoesNotSayThatTheyAreRolledBack() {
    var rollback = nodes.node("n1").rollback(id);
    nodes.pass(Duration.ofSeconds(1));
    assertThat(codeOf(rollback)).isEqualTo(Code.UNAVAILABLE);
  }
}

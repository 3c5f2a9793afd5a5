package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rule 7: the answers of commits are kept for as long as somebody may ask for them. */
final class AnswerForgottenTest {
  private static final Duration COLLECTIONS = Duration.ofMinutes(2);

  /** Of 270 s, when the commit begins: less than its timestamp takes. */
  private static final Duration LIFETIME_LEFT = Duration.ofMillis(12_700);

  private final Key key = keyOn(2, 0);

  /** Seen in the simulation (seed 400918): it took all answers for older than it knew of. */
  @Test
  void aNewHomeThatHasHeardOfNoTimestampForgetsNone() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    TransactionId id = nodes.begin("n1");
    CommitResult first = nodes.await(nodes.startCommit("n1", id, upsert(key, 1)));
    nodes.log("n2", 2).takeAway();
    nodes.lead(World.SHARDS, "n2");
    nodes.pass(COLLECTIONS);
    assertThat(nodes.await(nodes.startCommit("n2", id, upsert(key, 1)))).isEqualTo(first);
  }

  /** It was in the log of another node's shard by then. */
  @Test
  void aCommitThatOutlivesItsTransactionIsAnsweredAgain() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    Key elsewhere = keyOn(1, 0);
    nodes.await(nodes.startPut("n1", upsert(elsewhere, 1)));
    TransactionId id = nodes.begin("n1");
    for (int i = 0; i < 5; i++) {
      nodes.get("n1", id, elsewhere);
      nodes.pass(Duration.ofSeconds(50));
    }
    nodes.get("n1", id, elsewhere);
    nodes.pass(LIFETIME_LEFT);
    nodes.askLate("n2");
    var commit = nodes.startCommit("n1", id, upsert(elsewhere, 2));
    nodes.pass(Duration.ofSeconds(2));
    CommitResult first = commit.join();
    assertThat(nodes.await(nodes.startCommit("n1", id, upsert(elsewhere, 2)))).isEqualTo(first);
    assertThat(nodes.get("n1", elsewhere)).isEqualTo(2);
  }
}

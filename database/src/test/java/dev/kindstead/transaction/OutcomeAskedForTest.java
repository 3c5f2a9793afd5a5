package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A shard that decides may be without a leader for hours: whoever holds a prepared part goes on to
 * ask for its outcome, but not more and more often.
 */
final class OutcomeAskedForTest {
  private static final Duration STEP = Duration.ofNanos(250_000);

  private final Nodes nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
  private final Key decided = keyOn(1, 0);
  private final Key prepared = keyOn(2, 0);

  /** The node that decides dies when the other part is prepared. */
  private void leaveInDoubt() {
    TransactionId id = nodes.begin("n1");
    nodes.get("n1", id, decided);
    var unused = nodes.startCommit("n1", id, upsert(decided, 2), upsert(prepared, 2));
    while (nodes.node("n3").held() == 0) {
      nodes.pass(STEP);
    }
    nodes.pass(STEP.multipliedBy(9));
    nodes.kill("n2");
  }

  private int askedInTenSeconds() {
    int before = nodes.asked();
    nodes.pass(Duration.ofSeconds(10));
    return nodes.asked() - before;
  }

  @Test
  void notMoreAndMoreOften() {
    leaveInDoubt();
    nodes.pass(Duration.ofSeconds(15));
    int early = askedInTenSeconds();
    nodes.pass(Duration.ofSeconds(40));
    assertThat(askedInTenSeconds()).isLessThanOrEqualTo(early * 11 / 10);
    assertThat(nodes.node("n3").held()).isPositive();
  }

  @Test
  void untilSomebodyCanTell() {
    leaveInDoubt();
    nodes.pass(Duration.ofSeconds(30));
    nodes.lead(1, "n1");
    nodes.pass(Duration.ofSeconds(10));
    assertThat(nodes.held()).isZero();
    assertThat(nodes.get("n1", prepared)).isEqualTo(nodes.get("n1", decided));
  }
}

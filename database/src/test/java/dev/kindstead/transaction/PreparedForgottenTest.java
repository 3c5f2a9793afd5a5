package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Rule 3: a participant's next leader holds what the former one has prepared, written or read,
 * until it hears of the decision. The leader changes at each moment of a commit.
 */
final class PreparedForgottenTest {
  private static final Duration STEP = Duration.ofNanos(250_000);
  private static final int STEPS = 60;
  private static final Duration DECIDED_BY_THEN = Duration.ofMillis(5);

  private final Key decided = keyOn(1, 0);
  private final Key prepared = keyOn(2, 0);

  @Test
  void whatItWritesIsSeenByWhoeverReadsAfterItsCommit() {
    int seen = 0;
    for (int steps = 0; steps < STEPS; steps++) {
      var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
      nodes.await(nodes.startPut("n1", upsert(decided, 1), upsert(prepared, 1)));
      TransactionId id = nodes.begin("n1");
      nodes.get("n1", id, decided);
      var commit = nodes.startCommit("n1", id, upsert(decided, 2), upsert(prepared, 2));
      passSteps(nodes, steps);
      // Whoever decides can't tell the participant: nobody leads that.
      nodes.kill("n3");
      nodes.pass(DECIDED_BY_THEN);
      nodes.lead(2, "n1");
      boolean wasCommitted = isCommitted(commit);
      Long value = nodes.get("n1", prepared);
      if (wasCommitted) {
        assertThat(value).as("after %d steps", steps).isEqualTo(2);
        seen++;
      }
      nodes.pass(Duration.ofSeconds(12));
      assertThat(commit).isDone();
      assertThat(nodes.get("n1", prepared)).isEqualTo(nodes.get("n1", decided));
      nodes.await(nodes.startPut("n1", upsert(prepared, 4), upsert(decided, 4)));
    }
    assertThat(seen).isPositive();
  }

  @Test
  void whatItReadsIsNotOverwrittenBeforeItsCommit() {
    int bothCommitted = 0;
    for (int steps = 0; steps < STEPS; steps++) {
      var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
      nodes.await(nodes.startPut("n1", upsert(decided, 1), upsert(prepared, 1)));
      TransactionId id = nodes.begin("n1");
      nodes.get("n1", id, prepared);
      var commit = nodes.startCommit("n1", id, upsert(decided, 2));
      passSteps(nodes, steps);
      nodes.lead(2, "n1");
      var overwriting = nodes.startPut("n1", upsert(prepared, 3));
      nodes.pass(Duration.ofSeconds(12));
      if (isCommitted(commit) && isCommitted(overwriting)) {
        assertThat(overwriting.join().commitTime())
            .as("after %d steps", steps)
            .isGreaterThan(commit.join().commitTime());
        bothCommitted++;
      }
      nodes.await(nodes.startPut("n1", upsert(prepared, 4)));
    }
    assertThat(bothCommitted).isPositive();
  }

  private static void passSteps(Nodes nodes, int steps) {
    for (int i = 0; i < steps; i++) {
      nodes.pass(STEP);
    }
  }

  private static boolean isCommitted(CompletableFuture<CommitResult> commit) {
    return commit.isDone() && !commit.isCompletedExceptionally();
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.NotServedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A shard's leader moves, or its answers are lost, at any moment of a commit over several shards
 * that need not be atomic. What is certain to whoever looks is no unknown outcome.
 */
final class LeaderMovesUnderCommitTest {
  private static final Duration STEP = Duration.ofNanos(200_000);
  private static final int STEPS = 60;

  private final List<Key> keys = List.of(keyOn(0, 0), keyOn(1, 0), keyOn(2, 0));

  private CompletableFuture<CommitResult> start(Nodes nodes) {
    return nodes.startPut("n1", keys.stream().map(key -> upsert(key, 7)).toArray(Mutation[]::new));
  }

  private void isCommittedOrNever(Nodes nodes, CompletableFuture<CommitResult> commit, int step) {
    nodes.pass(Duration.ofSeconds(20));
    assertThat(commit).as("step %d", step).isDone();
    boolean isCommitted = !commit.isCompletedExceptionally();
    if (!isCommitted) {
      assertThat(TransactionErrors.of(commit.exceptionNow()))
          .as("step %d", step)
          .isInstanceOf(NotServedException.class);
    }
    for (Key key : keys) {
      assertThat(nodes.get("n1", key)).as("step %d", step).isEqualTo(isCommitted ? 7L : null);
    }
    if (isCommitted) {
      assertThat(commit.resultNow().results()).as("step %d", step).hasSize(keys.size());
    }
    nodes.pass(Duration.ofSeconds(10));
    nodes.await(start(nodes)); // and nothing that a leader holds is in its way
  }

  @Test
  void aMovedLeaderLeavesNoUnknownOutcome() {
    for (int step = 0; step < STEPS; step++) {
      var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
      var commit = start(nodes);
      nodes.pass(STEP.multipliedBy(step));
      nodes.lead(1, "n3");
      isCommittedOrNever(nodes, commit, step);
    }
  }

  @Test
  void anAnswerThatIsLostIsAskedForAgain() {
    for (int step = 0; step < STEPS; step++) {
      var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
      var commit = start(nodes);
      nodes.pass(STEP.multipliedBy(step));
      nodes.loseAnswers(service -> service == Network.Service.SHARDS);
      nodes.pass(Duration.ofMillis(300));
      nodes.loseAnswers(_ -> false);
      isCommittedOrNever(nodes, commit, step);
    }
  }
}

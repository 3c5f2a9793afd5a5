package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.delete;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.Network;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits and reads over shards that different nodes lead. */
final class ShardsApartTest {
  private final Key one = keyOn(0, 0);
  private final Key two = keyOn(1, 0);
  private final Key three = keyOn(2, 0);

  @ParameterizedTest
  @EnumSource(ConcurrencyMode.class)
  void oneNodeCommitsAndReadsOverAllShards(ConcurrencyMode mode) {
    var nodes = new Nodes(mode);
    nodes.await(nodes.startPut("n1", upsert(one, 1)));
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    nodes.await(nodes.startPut("n1", upsert(one, 2), upsert(two, 2), upsert(three, 2)));
    assertThat(nodes.get("n1", one)).isEqualTo(2);
    assertThat(nodes.get("n1", two)).isEqualTo(2);
    assertThat(nodes.get("n1", three)).isEqualTo(2);
    TransactionId id = nodes.begin("n1");
    assertThat(nodes.get("n1", id, two)).isEqualTo(2);
    assertThat(nodes.get("n1", id, three)).isEqualTo(2);
    long time =
        nodes.await(nodes.startCommit("n1", id, upsert(two, 3), upsert(three, 3))).commitTime();
    assertThat(nodes.get("n1", two)).isEqualTo(3);
    assertThat(
            nodes.await(nodes.startCommit("n1", id, upsert(two, 3), upsert(three, 3))).commitTime())
        .as("repeated")
        .isEqualTo(time);
    nodes.pass(Duration.ofSeconds(10));
    assertThat(nodes.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(ConcurrencyMode.class)
  void whatWasReadElsewhereIsValidatedThere(ConcurrencyMode mode) {
    var nodes = new Nodes(mode);
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    TransactionId first = nodes.begin("n1");
    TransactionId second = nodes.begin("n1");
    nodes.get("n1", first, two);
    nodes.get("n1", second, two);
    var commits =
        List.of(
            nodes.startCommit("n1", first, upsert(two, 10)),
            nodes.startCommit("n1", second, upsert(two, 20)));
    nodes.pass(Duration.ofSeconds(5));
    assertThat(commits.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSize(1);
    assertThat(commits).allMatch(CompletableFuture::isDone);
    nodes.pass(Duration.ofSeconds(10));
    assertThat(nodes.held()).isZero();
  }

  /** Whoever waits at a node that stops is not woken there: its threads are gone. */
  @Test
  void aStoppedNodeHearsThatAHomeIsGone() {
    var nodes = new Nodes(ConcurrencyMode.PESSIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    TransactionId first = nodes.begin("n1");
    TransactionId second = nodes.begin("n1");
    nodes.get("n1", first, two);
    var waiting = nodes.startCommit("n1", second, upsert(two, 2));
    nodes.pass(Duration.ofMillis(100));
    assertThat(waiting).isNotDone();
    nodes.stop("n2");
    assertThatCode(() -> nodes.disconnect("n1")).doesNotThrowAnyException();
  }

  @Test
  void anOlderTransactionEndsAYoungerOnesLocksElsewhere() {
    var nodes = new Nodes(ConcurrencyMode.PESSIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    TransactionId older = nodes.begin("n1");
    TransactionId younger = nodes.begin("n1");
    nodes.get("n1", younger, two);
    nodes.get("n1", older, two);
    nodes.await(nodes.startCommit("n1", older, upsert(two, 2)));
    var late = nodes.startCommit("n1", younger, upsert(two, 3));
    assertThatThrownBy(() -> nodes.await(late))
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.code()).isEqualTo(Code.ABORTED));
    assertThat(nodes.get("n1", two)).isEqualTo(2);
    assertThat(nodes.held()).isZero();
  }

  @Test
  void aReplicaThatLagsIsWaitedFor() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    nodes.log("n1", 1).lag();
    nodes.await(nodes.startPut("n1", upsert(two, 2)));
    var read = nodes.startGet("n1", new ReadMode.Strong(), two);
    nodes.pass(Duration.ofSeconds(1));
    assertThat(read).isNotDone();
    nodes.log("n1", 1).followAgain();
    assertThat(nodes.await(read)).isEqualTo(2);
  }

  @Test
  void theLocksAndLatchesOfADeadHomeFall() {
    var nodes = new Nodes(ConcurrencyMode.PESSIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(two, 1), upsert(three, 1)));
    TransactionId id = nodes.begin("n1");
    nodes.get("n1", id, two);
    var commit = nodes.startCommit("n1", id, upsert(two, 2), upsert(three, 2));
    nodes.pass(Duration.ofMillis(3));
    nodes.kill("n1");
    nodes.lead(0, "n2");
    nodes.lead(3, "n2");
    nodes.lead(World.SHARDS, "n2");
    nodes.pass(Duration.ofSeconds(12));
    assertThat(commit).isNotDone();
    assertThat(nodes.held()).isZero();
    nodes.await(nodes.startPut("n2", upsert(two, 3), upsert(three, 3)));
    assertThat(nodes.get("n2", two)).isEqualTo(3);
  }

  @Test
  void theLocksOfAHomeThatIsCutOffFallAtOnce() {
    var nodes = new Nodes(ConcurrencyMode.PESSIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    TransactionId id = nodes.begin("n1");
    nodes.get("n1", id, two);
    assertThat(nodes.held()).isPositive();
    nodes.disconnect("n1");
    assertThat(nodes.held()).isZero();
  }

  @Test
  void aShardIsFollowedToItsNextLeader() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    nodes.await(nodes.startPut("n1", upsert(two, 1)));
    TransactionId id = nodes.begin("n1");
    nodes.get("n1", id, two);
    nodes.lead(1, "n3");
    nodes.pass(Duration.ofSeconds(1));
    nodes.await(nodes.startCommit("n1", id, upsert(one, 2), upsert(two, 2)));
    nodes.lead(1, "n1");
    nodes.pass(Duration.ofSeconds(1));
    assertThat(nodes.get("n1", two)).isEqualTo(2);
  }

  @Test
  void aCommitWhoseAnswerWasLostIsLookedUp() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    for (List<Key> keys : List.of(List.of(two), List.of(two, three))) {
      TransactionId id = nodes.begin("n1");
      nodes.get("n1", id, two);
      nodes.loseAnswers(service -> service == Network.Service.SHARDS);
      var commit =
          nodes.startCommit(
              "n1", id, keys.stream().map(key -> upsert(key, 7)).toArray(Mutation[]::new));
      nodes.pass(Duration.ofMillis(40));
      nodes.loseAnswers(_ -> false);
      nodes.pass(Duration.ofSeconds(6));
      assertThat(commit).isDone();
      Long value = nodes.get("n1", two);
      assertThat(commit.isCompletedExceptionally()).isEqualTo(value == null || value != 7);
      nodes.await(nodes.startPut("n1", delete(two)));
    }
  }
}

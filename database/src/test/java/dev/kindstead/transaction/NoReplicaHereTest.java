package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.Network;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.NotServedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Node n1 serves and has no replica of the shards that n2 and n3 lead: it asks for their rows. */
final class NoReplicaHereTest {
  private final Key here = keyOn(0, 0);
  private final Key two = keyOn(1, 0);
  private final Key three = keyOn(2, 0);

  private static Nodes nodes(ConcurrencyMode mode) {
    var nodes = new Nodes(mode);
    nodes.log("n1", 1).takeAway();
    nodes.log("n1", 2).takeAway();
    nodes.pass(Duration.ofSeconds(1));
    return nodes;
  }

  /** The first call finds out who leads. */
  private static void put(Nodes nodes, Key key, long value) {
    for (int attempt = 0; ; attempt++) {
      try {
        nodes.await(nodes.startPut("n1", upsert(key, value)));
        return;
      } catch (NotServedException e) {
        assertThat(attempt).isLessThan(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ConcurrencyMode.class)
  void itCommitsAndReadsThere(ConcurrencyMode mode) {
    var nodes = nodes(mode);
    put(nodes, two, 1);
    put(nodes, three, 1);
    put(nodes, here, 1);
    assertThat(nodes.get("n1", two)).isEqualTo(1);
    TransactionId id = nodes.begin("n1");
    assertThat(nodes.get("n1", id, two)).isEqualTo(1);
    assertThat(nodes.get("n1", id, here)).isEqualTo(1);
    nodes.await(nodes.startCommit("n1", id, upsert(two, 2), upsert(three, 2), upsert(here, 2)));
    for (Key key : List.of(here, two, three)) {
      assertThat(nodes.get("n1", key)).as("%s", key).isEqualTo(2);
    }
    nodes.pass(Duration.ofSeconds(10));
    assertThat(nodes.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(ConcurrencyMode.class)
  void whatItReadThereIsValidatedThere(ConcurrencyMode mode) {
    var nodes = nodes(mode);
    put(nodes, two, 1);
    TransactionId id = nodes.begin("n1");
    assertThat(nodes.get("n1", id, two)).isEqualTo(1);
    var other = nodes.startPut("n2", upsert(two, 10));
    nodes.pass(Duration.ofSeconds(5));
    var commit = nodes.startCommit("n1", id, upsert(two, 2));
    nodes.pass(Duration.ofSeconds(5));
    assertThat(IntStream.of(ended(other), ended(commit)).sum()).as("committed").isEqualTo(1);
    nodes.pass(Duration.ofSeconds(10));
    assertThat(nodes.held()).isZero();
  }

  private static int ended(CompletableFuture<?> commit) {
    assertThat(commit).isDone();
    return commit.isCompletedExceptionally() ? 0 : 1;
  }

  /** The lock is had after the snapshot was chosen: another commit came between. */
  @Test
  void aLockedReadOfWhatHasChangedSinceTheSnapshotIsAborted() {
    var nodes = nodes(ConcurrencyMode.PESSIMISTIC);
    put(nodes, two, 1);
    put(nodes, three, 1);
    TransactionId id = nodes.begin("n1");
    assertThat(nodes.get("n1", id, three)).isEqualTo(1);
    put(nodes, two, 2);
    assertThatThrownBy(() -> nodes.get("n1", id, two))
        .isInstanceOf(DatastoreException.class)
        .hasMessageContaining("contention");
  }

  @Test
  void itFollowsAMovedLeader() {
    var nodes = nodes(ConcurrencyMode.OPTIMISTIC);
    put(nodes, two, 1);
    assertThat(nodes.get("n1", two)).isEqualTo(1);
    nodes.lead(1, "n3");
    nodes.pass(Duration.ofSeconds(1));
    put(nodes, two, 2);
    assertThat(nodes.get("n1", two)).isEqualTo(2);
    nodes.kill("n2");
    assertThat(nodes.get("n1", two)).isEqualTo(2);
  }

  /** What it may not know is asked anew by whoever repeats the read. */
  @Test
  void aLostAnswerIsNotServed() {
    var nodes = nodes(ConcurrencyMode.OPTIMISTIC);
    put(nodes, two, 1);
    nodes.loseAnswers(service -> service == Network.Service.ROWS);
    assertThatThrownBy(() -> nodes.get("n1", two)).isInstanceOf(NotServedException.class);
    nodes.loseAnswers(_ -> false);
    nodes.pass(Duration.ofSeconds(1));
    assertThat(nodes.get("n1", two)).isEqualTo(1);
  }

  /** The deposed leader has not heard of its successor, but the time to read at names it. */
  @Test
  void aLeaderOfThePastGivesNoRows() {
    var nodes = nodes(ConcurrencyMode.OPTIMISTIC);
    put(nodes, two, 1);
    assertThat(nodes.get("n1", two)).isEqualTo(1);
    var announce = new TimestampMessages.Announce(1, 1_000, "n3");
    var announced =
        nodes.call("n3", "n1", Network.Service.TIMESTAMPS, TimestampMessages.encode(announce));
    nodes.await(announced);
    assertThatThrownBy(() -> nodes.get("n1", two)).isInstanceOf(NotServedException.class);
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Key;
import dev.kindstead.model.NotServedException;
import dev.kindstead.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rule 13: a replica answers at a timestamp only when all that commits at or below it is there. */
final class ReplicaReadTornTest {
  private static final ReadMode EVENTUAL = new ReadMode.Eventual();

  private final World world = new World();
  private final Key key = keyOn(0, 0);
  private final Key other = keyOn(3, 0);
  private int asked;

  private byte[] close() {
    return world.await(world.transactions().closedTimestamp());
  }

  /** This node serves no more, and the one that does answers so. */
  private void reads(CompletableFuture<byte[]> answer) {
    world
        .transactions()
        .readReplicas(() -> {
          asked++;
          return answer;
        });
    world.systemLog().expectMembers();
    world.transactions().handOver();
    world.run();
    assertThat(world.transactions().isServing()).isFalse();
  }

  private void reads(byte[] answer) {
    reads(CompletableFuture.completedFuture(answer));
  }

  private void isNotServed(ReadMode mode) {
    var read = world.startGet(mode, key);
    assertThatThrownBy(() -> world.await(read)).isInstanceOf(NotServedException.class);
  }

  @Test
  void whatCommitsLaterIsNotSeenAndAllBeforeIs() {
    long first = world.put(upsert(key, 1)).commitTime();
    world.put(upsert(key, 2), upsert(other, 2));
    byte[] closed = close();
    world.put(upsert(key, 3));
    reads(closed);
    assertThat(world.await(world.startGet(EVENTUAL, key))).isEqualTo(2);
    assertThat(world.await(world.startGet(EVENTUAL, other))).isEqualTo(2);
    assertThat(world.getAt(first, key)).isEqualTo(1);
    assertThat(asked).as("one question for all").isOne();
  }

  @Test
  void closingWaitsForWhatMayCommitBelow() {
    world.put(upsert(key, 1));
    world.log(0).pause();
    var put = world.startPut(upsert(key, 2));
    world.run();
    var closing = world.transactions().closedTimestamp();
    world.run();
    assertThat(closing).isNotDone();
    world.log(0).resume();
    long committed = world.await(put).commitTime();
    ClosedTimestamp closed = ClosedTimestamp.decode(world.await(closing));
    assertThat(closed.micros()).isGreaterThanOrEqualTo(committed);
    reads(closed.encode());
    assertThat(world.await(world.startGet(EVENTUAL, key))).isEqualTo(2);
  }

  @Test
  void aReplicaThatIsBehindAnswersNothing() {
    world.put(upsert(key, 1));
    ClosedTimestamp now = ClosedTimestamp.decode(close());
    var ahead =
        new ClosedTimestamp(
            now.micros(), now.system(), List.of(now.shards().getFirst(), 0L, 0L, 1_000_000L));
    reads(ahead.encode());
    isNotServed(EVENTUAL);
    isNotServed(new ReadMode.AtTime(now.micros()));
  }

  @Test
  void noReplicaAnswersBeforeItHasHeardOfAnything() {
    reads(CompletableFuture.failedFuture(new IllegalStateException("nobody serves")));
    isNotServed(EVENTUAL);
  }

  /** The failed read was the last one that anybody got an answer to, until a restart. */
  @Test
  void aDiskThatFailsOnceLeavesNoReadHanging() {
    world.put(upsert(key, 1));
    reads(close());
    world.store(World.SHARDS).breakReads();
    var unlucky = world.startGet(EVENTUAL, key);
    assertThatThrownBy(() -> world.await(unlucky)).isInstanceOf(StorageException.class);
    world.store(World.SHARDS).mendReads();
    assertThat(world.await(world.startGet(EVENTUAL, key))).isEqualTo(1);
  }

  @Test
  void strongReadsAndTransactionsAreNotAReplicas() {
    TransactionId id = world.begin();
    reads(close());
    isNotServed(new ReadMode.Strong());
    isNotServed(new ReadMode.InTransaction(id));
    isNotServed(new ReadMode.InNewTransaction(new TransactionOptions.ReadOnly(null)));
    assertThat(asked).isZero();
  }

  @Test
  void aTimestampThatIsNotClosedIsNotRead() {
    world.put(upsert(key, 1));
    byte[] closed = close();
    long later = world.put(upsert(key, 2)).commitTime();
    reads(closed);
    isNotServed(new ReadMode.AtTime(later));
  }

  @Test
  void aPastTimestampIsReadHoweverLongNobodyServes() {
    long written = world.put(upsert(key, 1)).commitTime();
    byte[] closed = close();
    boolean[] gone = {false};
    world
        .transactions()
        .readReplicas(() ->
            gone[0]
                ? CompletableFuture.failedFuture(new IllegalStateException("gone"))
                : CompletableFuture.completedFuture(closed));
    world.systemLog().expectMembers();
    world.systemLog().stopLeading();
    world.run();
    assertThat(world.getAt(written, key)).isEqualTo(1);
    gone[0] = true;
    world.pass(Duration.ofSeconds(5));
    assertThat(world.await(world.startGet(EVENTUAL, key))).isEqualTo(1);
    world.pass(Duration.ofSeconds(6));
    isNotServed(EVENTUAL);
    assertThat(world.getAt(written, key)).isEqualTo(1);
  }

  /** A shard of which it may have replicas that are behind. */
  @Test
  void aNodeThatServesIsBehindUntilItsShardsAnswerItsReads() {
    world.log(2).expectMembers();
    world.log(2).stopLeading();
    world.run();
    world.transactions().readReplicas(() -> CompletableFuture.failedFuture(new AssertionError()));
    var early = world.transactions().behind(true);
    world.pass(Duration.ofSeconds(1));
    assertThat(early.isDone() && !early.isCompletedExceptionally()).isFalse();
    world.log(2).leadOn();
    world.pass(Duration.ofSeconds(20));
    assertThat(world.await(world.transactions().behind(true))).isZero();
  }

  /** Seen as a node that was never ready after its restart, as long as there were writes. */
  @Test
  void aReplicaThatHasOnceCaughtUpIsNotBehindWhateverIsWrittenMeanwhile() {
    ClosedTimestamp now = ClosedTimestamp.decode(close());
    long first = now.shards().getFirst();
    long[] ahead = {first + 1};
    world
        .transactions()
        .readReplicas(() ->
            CompletableFuture.completedFuture(
                new ClosedTimestamp(now.micros(), now.system(), List.of(ahead[0], 0L, 0L, 0L))
                    .encode()));
    world.systemLog().expectMembers();
    world.systemLog().stopLeading();
    world.run();
    assertThat(world.await(world.transactions().behind(true))).isOne();
    world.systemLog().leadOn();
    world.pass(Duration.ofSeconds(1));
    world.put(upsert(key, 1));
    world.systemLog().stopLeading();
    ahead[0] = first + 1_000;
    world.pass(Duration.ofSeconds(1));
    assertThat(world.await(world.transactions().behind(true))).isZero();
  }
}

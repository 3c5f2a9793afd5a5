package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.key;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locks are waited for, never for long, and never in a circle. */
final class PessimisticLockTest {
  private final World world = new World(ConcurrencyMode.PESSIMISTIC);
  private final Key key = key("a");

  @Test
  void aPutOnALockedKeyWaitsAMomentAndIsAborted() {
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    var put = world.startPut(upsert(key, 2));
    world.pass(Duration.ofMillis(500));
    assertThat(put).isNotDone();
    world.pass(Duration.ofSeconds(1));
    assertThat(codeOf(put)).isEqualTo(Code.ABORTED);
    world.commit(id, upsert(key, 3));
    assertThat(world.get(key)).isEqualTo(3);
  }

  @Test
  void aPutGoesOnWhenTheTransactionIsOver() {
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    var put = world.startPut(upsert(key, 2));
    world.pass(Duration.ofMillis(500));
    world.await(world.transactions().rollback(id));
    assertThat(world.await(put).results()).hasSize(1);
    assertThat(world.get(key)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofTwoThatLockedTheSameKeyTheOlderCommits(boolean olderFirst) {
    world.put(upsert(key, 1));
    TransactionId older = world.begin();
    TransactionId younger = world.begin();
    world.get(older, key);
    world.get(younger, key);
    var first = world.startCommit(olderFirst ? older : younger, upsert(key, 2));
    world.run();
    var second = world.startCommit(olderFirst ? younger : older, upsert(key, 3));
    world.run();
    var ofOlder = olderFirst ? first : second;
    var ofYounger = olderFirst ? second : first;
    assertThat(ofOlder).isCompleted();
    assertThat(codeOf(ofYounger)).isEqualTo(Code.ABORTED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void twoThatWaitForEachOtherDoNotDeadlock(int secondShard) {
    Key left = keyOn(0, 0);
    Key right = keyOn(secondShard, 1);
    TransactionId one = world.begin();
    TransactionId other = world.begin();
    world.get(one, left);
    world.get(other, right);
    var second = world.startCommit(other, upsert(left, 2));
    var first = world.startCommit(one, upsert(right, 1));
    world.pass(Duration.ofSeconds(3));
    assertThat(first).isCompleted();
    assertThat(codeOf(second)).isEqualTo(Code.ABORTED);
  }

  @Test
  void anOlderOneDoesNotWaitForTheLatchesOfAYoungerOneThatWaitsForIt() {
    Key left = keyOn(0, 0);
    Key right = keyOn(1, 0);
    TransactionId older = world.begin();
    TransactionId younger = world.begin();
    world.get(older, right);
    var waiting = world.startCommit(younger, upsert(left, 2), upsert(right, 2));
    world.run();
    assertThat(waiting).isNotDone();
    assertThat(world.get(older, left)).isNull();
    world.commit(older, upsert(left, 1), upsert(right, 1));
    assertThat(codeOf(waiting)).isEqualTo(Code.ABORTED);
    world.run();
    assertThat(world.heldLatches()).isZero();
  }

  @Test
  void aYoungerReaderWaitsBehindAPutAndAnOlderOneDoesNot() {
    TransactionId holding = world.begin();
    TransactionId older = world.begin();
    world.get(holding, key);
    var put = world.startPut(upsert(key, 1));
    world.run();
    TransactionId younger = world.begin();
    var waiting = world.startGet(new ReadMode.InTransaction(younger), key);
    world.run();
    assertThat(waiting).isNotDone();
    assertThat(world.get(older, key)).isNull();
    world.await(world.transactions().rollback(holding));
    world.await(world.transactions().rollback(older));
    assertThat(world.await(put).results()).hasSize(1);
    assertThat(world.await(waiting)).isEqualTo(1);
  }

  @Test
  void aRetryInheritsItsAge() {
    TransactionId first = world.begin();
    world.get(first, key);
    world.await(world.transactions().rollback(first));
    TransactionId other = world.begin();
    TransactionId retry = world.beginAfter(first);
    world.get(other, key);
    world.get(retry, key);
    var commit = world.startCommit(retry, upsert(key, 1));
    var loser = world.startCommit(other, upsert(key, 2));
    world.pass(Duration.ofSeconds(3));
    assertThat(commit).isCompleted();
    assertThat(codeOf(loser)).isEqualTo(Code.ABORTED);
  }

  @Test
  void aLockedReadOfWhatChangedSinceTheSnapshotIsAborted() {
    Key other = key("b");
    world.put(upsert(other, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    world.put(upsert(other, 2));
    var read = world.startGet(new ReadMode.InTransaction(id), other);
    world.run();
    assertThat(codeOf(read)).isEqualTo(Code.ABORTED);
  }

  @Test
  void locksFallWhenTheirTransactionExpires() {
    TransactionId id = world.begin();
    world.get(id, key);
    world.pass(Duration.ofSeconds(62));
    world.put(upsert(key, 1));
    var commit = world.startCommit(id, upsert(key, 2));
    world.run();
    assertThat(codeOf(commit)).isEqualTo(Code.ABORTED);
    assertThat(world.get(key)).isEqualTo(1);
  }

  @Test
  void aReadThatIsStillWaitingWhenItsTransactionCommitsLeavesNoLock() {
    Key other = keyOn(0, 0);
    Key written = keyOn(1, 0);
    world.log(0).pause();
    var put = world.startPut(upsert(other, 1));
    world.run();
    TransactionId id = world.begin();
    var read = world.startGet(new ReadMode.InTransaction(id), other);
    world.run();
    assertThat(read).isNotDone();
    world.commit(id, upsert(written, 1));
    world.log(0).resume();
    world.await(put);
    world.run();
    world.put(upsert(other, 2));
    assertThat(world.get(other)).isEqualTo(2);
  }
}

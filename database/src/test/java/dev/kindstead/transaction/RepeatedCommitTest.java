package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.PARTITION;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.delete;
import static dev.kindstead.transaction.World.insert;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 7: a commit repeated with its transaction's id gets the first answer. */
final class RepeatedCommitTest {
  private final World world = new World();

  private static Mutation[] mutations(int shards) {
    Mutation[] mutations = new Mutation[shards];
    for (int shard = 0; shard < shards; shard++) {
      mutations[shard] = insert(keyOn(shard, 0), shard);
    }
    return mutations;
  }

  @Test
  void inTheSameProcess() {
    TransactionId id = world.begin();
    CommitResult first = world.commit(id, mutations(1));
    assertThat(world.commit(id, mutations(1))).isEqualTo(first);
  }

  @Test
  void afterARestart() {
    TransactionId id = world.begin();
    CommitResult first = world.commit(id, mutations(1));
    world.restart();
    assertThat(world.commit(id, mutations(1))).isEqualTo(first);
  }

  @Test
  void overSeveralShardsAfterARestart() {
    TransactionId id = world.begin();
    CommitResult first = world.commit(id, mutations(3));
    world.restart();
    assertThat(world.commit(id, mutations(3))).isEqualTo(first);
  }

  @Test
  void ofNewRootEntitiesAfterARestart() {
    var incomplete = new Key(PARTITION, List.of(PathElement.incomplete("K")));
    TransactionId id = world.begin();
    CommitResult first = world.commit(id, insert(incomplete, 1), insert(incomplete, 2));
    world.restart();
    CommitResult again = world.commit(id, insert(incomplete, 1), insert(incomplete, 2));
    assertThat(again).isEqualTo(first);
    assertThat(world.count(new ReadMode.Strong(), 0, 1, 2, 3)).isEqualTo(2);
  }

  /** This home lost the transaction; the one that went on with it may have acknowledged that. */
  @Test
  void ofNothingAfterAnotherHome() {
    TransactionId id = world.begin();
    world.get(id, keyOn(0, 0));
    world.systemLog().expectMembers();
    world.systemLog().depose(0);
    world.pass(Duration.ofSeconds(3));
    assertThat(world.commit(id).results()).isEmpty();
  }

  @Test
  void whileTheFirstIsInFlight() {
    TransactionId id = world.begin();
    var first = world.startCommit(id, mutations(1));
    var second = world.startCommit(id, mutations(1));
    world.run();
    assertThat(second.join()).isEqualTo(first.join());
  }

  @Test
  void anotherCommitOfTheSameTransactionIsRefused() {
    TransactionId id = world.begin();
    world.commit(id, mutations(1));
    var other = world.startCommit(id, upsert(keyOn(0, 0), 7), upsert(keyOn(0, 1), 7));
    world.run();
    assertThat(codeOf(other)).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void otherValuesForTheSameKeysAreRefusedAlsoAfterARestart() {
    TransactionId id = world.begin();
    world.commit(id, upsert(keyOn(0, 0), 1));
    var other = world.startCommit(id, upsert(keyOn(0, 0), 2));
    world.run();
    assertThat(codeOf(other)).isEqualTo(Code.INVALID_ARGUMENT);
    world.restart();
    var later = world.startCommit(id, upsert(keyOn(0, 0), 2));
    world.run();
    assertThat(codeOf(later)).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void anotherCommitIsRefusedWhileTheFirstIsInFlight() {
    TransactionId id = world.begin();
    var first = world.startCommit(id, upsert(keyOn(0, 0), 1));
    var other = world.startCommit(id, upsert(keyOn(0, 0), 2));
    world.run();
    assertThat(first.join().results()).hasSize(1);
    assertThat(codeOf(other)).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void ofNothingAlsoAfterARestart() {
    TransactionId id = world.begin();
    world.get(id, keyOn(0, 0));
    CommitResult first = world.commit(id);
    assertThat(world.commit(id)).isEqualTo(first);
    world.restart();
    assertThat(world.commit(id)).isEqualTo(first);
  }

  @Test
  void aCommitOfNothingDoesNotPassForOneOfSomething() {
    TransactionId id = world.begin();
    world.commit(id, mutations(1));
    var other = world.startCommit(id);
    world.run();
    assertThat(codeOf(other)).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void aTransactionLostByARestartNeverCommits() {
    TransactionId id = world.begin();
    world.get(id, keyOn(0, 0));
    world.restart();
    var read = world.startGet(new ReadMode.InTransaction(id), keyOn(0, 0));
    var commit = world.startCommit(id, mutations(1));
    world.run();
    assertThat(codeOf(read)).isEqualTo(Code.ABORTED);
    assertThat(codeOf(commit)).isEqualTo(Code.ABORTED);
    assertThat(world.get(keyOn(0, 0))).isNull();
  }

  @Test
  void whatTheLogRefusesOnceIsCommittedAWhileLater() {
    TransactionId id = world.begin();
    world.log(0).refuseNext(1);
    var patient = world.startCommit(id, mutations(1));
    world.run();
    assertThat(patient).isNotDone();
    world.pass(Duration.ofMillis(100));
    long time = world.await(patient).commitTime();
    assertThat(world.commit(id, mutations(1)).commitTime()).isEqualTo(time);
  }

  /**
   * What is prepared is not tried again: its part would be held for a second time, and for ever.
   */
  @Test
  void whatIsAbortedOverSeveralShardsIsOver() {
    TransactionId id = world.begin();
    Mutation[] both = {upsert(keyOn(0, 0), 1), upsert(keyOn(1, 0), 1), upsert(keyOn(2, 0), 1)};
    world.log(2).refuseNext(1);
    var commit = world.startCommit(id, both);
    world.pass(Duration.ofSeconds(20));
    assertThat(codeOf(commit)).isEqualTo(Code.ABORTED);
    assertThat(world.heldLatches()).isZero();
    world.put(both);
  }

  @Test
  void afterManyRefusalsByTheLogTheClientHearsToBeginAgain() {
    TransactionId id = world.begin();
    world.log(0).refuseNext(1_000);
    var refused = world.startCommit(id, mutations(1));
    world.pass(Duration.ofSeconds(3));
    assertThat(codeOf(refused)).isEqualTo(Code.ABORTED);
    world.log(0).refuseNext(0);
    var repeated = world.startCommit(id, mutations(1));
    world.run();
    assertThat(codeOf(repeated)).isEqualTo(Code.ABORTED);
    assertThat(world.get(keyOn(0, 0))).isNull();
  }

  @Test
  void whoseLogCannotBeAskedIsUnknownInTime() {
    TransactionId id = world.begin();
    world.log(0).refuseNext(1_000);
    var refused = world.startCommit(id, mutations(1));
    world.pass(Duration.ofSeconds(3));
    assertThat(codeOf(refused)).isEqualTo(Code.ABORTED);
    var repeated = world.startCommit(id, mutations(1));
    world.pass(Duration.ofSeconds(6));
    assertThat(codeOf(repeated)).isEqualTo(Code.INTERNAL);
  }

  /** What is wrong with one replica must not end what is to be tried again with another. */
  @Test
  void isAnsweredWhereAnotherShardsDiskHasFailed() {
    TransactionId id = world.begin();
    world.log(3).fail(new IOException("no such device"));
    world.log(0).refuseNext(1_000);
    var refused = world.startCommit(id, mutations(1));
    world.pass(Duration.ofSeconds(3));
    assertThat(codeOf(refused)).isEqualTo(Code.ABORTED);
    var repeated = world.startCommit(id, mutations(1));
    world.pass(Duration.ofSeconds(1));
    world.log(0).refuseNext(0);
    world.pass(Duration.ofSeconds(1));
    assertThat(codeOf(repeated)).isEqualTo(Code.ABORTED);
  }

  /** Its end is not remembered for as long as its client may repeat it. */
  @Test
  void ofATransactionThatOnlyReadsAfterManyOthers() {
    TransactionId id = world.beginReadOnly();
    CommitResult first = world.commit(id);
    for (int other = 0; other <= OpenTransactions.ENDED_REMEMBERED; other++) {
      var unused = world.commit(world.begin());
    }
    assertThat(world.commit(id)).isEqualTo(first);
  }

  /** Its answer may have been lost, and then the client repeats what it can. */
  @Test
  void whatWasRefusedForNowIsToBeBegunAgain() {
    TransactionId id = world.begin();
    world.setBehind(true);
    var refused = world.startCommit(id, mutations(1));
    world.run();
    assertThat(codeOf(refused)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    world.setBehind(false);
    var repeated = world.startCommit(id, mutations(1));
    world.run();
    assertThat(codeOf(repeated)).isEqualTo(Code.ABORTED);
    assertThat(world.get(keyOn(0, 0))).isNull();
  }

  @Test
  void whatWasRefusedForGoodIsRefusedWithTheSameWords() {
    world.put(insert(keyOn(0, 0), 1));
    TransactionId id = world.begin();
    var refused = world.startCommit(id, mutations(1));
    world.run();
    assertThat(codeOf(refused)).isEqualTo(Code.ALREADY_EXISTS);
    world.put(delete(keyOn(0, 0)));
    var repeated = world.startCommit(id, mutations(1));
    var other = world.startCommit(id, upsert(keyOn(0, 0), 2));
    world.run();
    assertThat(codeOf(repeated)).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(repeated.exceptionNow().getMessage())
        .contains(String.valueOf(refused.exceptionNow().getMessage()));
    assertThat(codeOf(other)).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(world.get(keyOn(0, 0))).isNull();
  }

  /** The log has forgotten it: nobody may say that it was not applied. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsRepeatedTooLateIsUnknown(boolean afterARestart) {
    TransactionId id = world.begin();
    world.commit(id, mutations(1));
    for (int i = 0; i < 50; i++) {
      world.pass(Duration.ofSeconds(20));
      world.put(upsert(keyOn(1, 0), i));
    }
    if (afterARestart) {
      world.restart();
    }
    var late = world.startCommit(id, mutations(1));
    world.run();
    assertThat(codeOf(late)).isEqualTo(Code.INTERNAL);
  }

  /** Seen under real faults as INVALID_ARGUMENT, which a client takes for its own mistake. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatEndedUnknownIsAnsweredByTheLog(int committed) {
    TransactionId id = world.begin();
    world.log(0).pause();
    var unknown = world.startCommit(id, mutations(1));
    world.run();
    world.log(0).loseLead();
    world.pass(Duration.ofSeconds(10));
    assertThat(codeOf(unknown)).isEqualTo(Code.INTERNAL);
    world.log(0).leadAgain(committed);
    var repeated = world.startCommit(id, mutations(1));
    world.pass(Duration.ofSeconds(1));
    if (committed == 0) {
      assertThat(codeOf(repeated)).isEqualTo(Code.ABORTED);
      assertThat(world.get(keyOn(0, 0))).isNull();
    } else {
      assertThat(world.await(repeated).results()).hasSize(1);
      assertThat(world.get(keyOn(0, 0))).isEqualTo(0);
    }
    var read = world.startGet(new ReadMode.InTransaction(id), keyOn(0, 0));
    world.run();
    assertThat(codeOf(read)).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void aWrittenCommitThatNobodyHeardOfIsAnsweredAfterARestart() {
    TransactionId id = world.begin();
    world.log(0).pause();
    var unheard = world.startCommit(id, mutations(1));
    world.run();
    world.log(0).crash(1);
    world.restart();
    assertThat(unheard).isNotDone();
    assertThat(world.commit(id, mutations(1)).results()).hasSize(1);
    assertThat(world.get(keyOn(0, 0))).isEqualTo(0);
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Key;
import dev.kindstead.replication.StoredState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rule 3: whenever the process dies during a two-phase commit, all of it happened or nothing. */
final class InDoubtTransactionTest {
  private static final int STEPS_MAX = 200;

  @Test
  void afterACrashAtEachStep() {
    boolean finished = false;
    boolean sawNothing = false;
    boolean sawAll = false;
    for (int steps = 0; !finished; steps++) {
      assertThat(steps).isLessThan(STEPS_MAX);
      var world = new World();
      Key first = keyOn(1, 0);
      Key second = keyOn(3, 0);
      world.put(upsert(first, 1), upsert(second, 1));
      TransactionId id = world.begin();
      world.get(id, first);
      var commit = world.startCommit(id, upsert(first, 2), upsert(second, 2));
      for (int i = 0; i < steps; i++) {
        finished = !world.step();
      }
      boolean acknowledged = commit.isDone() && !commit.isCompletedExceptionally();
      world.restart();

      Long value = world.get(first);
      assertThat(world.get(second)).isEqualTo(value);
      assertThat(value).isIn(1L, 2L);
      if (acknowledged) {
        assertThat(value).isEqualTo(2);
      }
      sawNothing |= value != null && value == 1;
      sawAll |= value != null && value == 2;

      world.pass(Duration.ofSeconds(1));
      world.put(upsert(first, 3), upsert(second, 3));
      assertThat(world.get(second)).isEqualTo(3);
    }
    assertThat(sawNothing && sawAll).isTrue();
  }

  @Test
  void aReadOfTheLatestWaitsForWhatIsPrepared() {
    var world = new World();
    Key first = keyOn(1, 0);
    Key second = keyOn(3, 0);
    world.put(upsert(first, 1), upsert(second, 1));
    TransactionId id = world.begin();
    var commit = world.startCommit(id, upsert(first, 2), upsert(second, 2));
    // The coordinator is the lowest shard; the other hears of the decision through its log.
    while (!commit.isDone()) {
      assertThat(world.step()).isTrue();
    }
    world.log(3).pause();
    assertThat(world.get(first)).isEqualTo(2);
    var read = world.startGet(new ReadMode.Strong(), second);
    world.run();
    assertThat(read).isNotDone();
    world.log(3).resume();
    assertThat(world.await(read)).isEqualTo(2);
  }

  @Test
  void aShardThatRefusesItsPrepareUndoesTheOthers() {
    var world = new World();
    Key first = keyOn(1, 0);
    Key second = keyOn(3, 0);
    TransactionId id = world.begin();
    world.log(3).refuseNext(1);
    var commit = world.startCommit(id, upsert(first, 2), upsert(second, 2));
    world.pass(Duration.ofSeconds(1));
    assertThat(commit).isCompletedExceptionally();
    assertThat(world.get(first)).isNull();
    world.put(upsert(first, 3), upsert(second, 3));
    assertThat(world.get(first)).isEqualTo(3);
  }

  @Test
  void aParticipantThatCouldNotHandOverHearsOfTheDecision() {
    var world = new World();
    Key first = keyOn(1, 0);
    Key second = keyOn(3, 0);
    world.put(upsert(first, 1), upsert(second, 1));
    TransactionId id = world.begin();
    world.log(3).expectMembers();
    world.log(1).pause();
    var commit = world.startCommit(id, upsert(first, 2), upsert(second, 2));
    world.run();
    world.log(3).stopLeading();
    world.run();
    world.log(1).resume();
    world.await(commit);
    world.pass(Duration.ofSeconds(1));
    world.log(3).leadOn();
    world.pass(Duration.ofSeconds(1));
    assertThat(world.get(second)).isEqualTo(2);
    assertThat(world.heldLatches()).isZero();
  }

  /** Else it would stay in the coordinator's state for as long as that leads. */
  @Test
  void aDecisionThatCouldNotBeForgottenAtOnceIsForgottenLater() {
    var world = new World();
    Key first = keyOn(1, 0);
    Key second = keyOn(3, 0);
    TransactionId id = world.begin();
    var commit = world.startCommit(id, upsert(first, 2), upsert(second, 2));
    while (!commit.isDone()) {
      assertThat(world.step()).isTrue();
    }
    world.log(1).refuseNext(1);
    world.run();
    assertThat(StoredState.decisions(world.store(1))).hasSize(1);
    world.pass(Duration.ofSeconds(1));
    assertThat(StoredState.decisions(world.store(1))).isEmpty();
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.NotServedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A planned hand-over must not cost open transactions, nor let one commit what is outdated. */
final class OpenTransactionLostTest {
  private static final Duration HANDED_OVER = Duration.ofSeconds(3);
  private static final Duration IDLE_TOO_LONG = Duration.ofSeconds(65);

  private final Key key = keyOn(0, 0);
  private final Key other = keyOn(3, 0);

  /** Nobody else is there, so the same node takes over from itself. */
  private static void handOver(World world) {
    world.systemLog().expectMembers();
    world.transactions().handOver();
    world.run();
    assertThat(world.transactions().isServing()).isFalse();
    world.pass(HANDED_OVER);
    assertThat(world.transactions().isServing()).isTrue();
  }

  @Test
  void itGoesOnAtTheNextHome() {
    var world = new World(ConcurrencyMode.PESSIMISTIC);
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    TransactionId unread = world.begin();
    TransactionId readOnly = world.beginReadOnly();
    assertThat(world.get(id, key)).isEqualTo(1);
    handOver(world);

    assertThat(world.get(id, key)).isEqualTo(1);
    world.commit(id, upsert(key, 2), upsert(other, 2));
    assertThat(world.get(key)).isEqualTo(2);
    assertThat(world.get(readOnly, key)).as("at the snapshot it began with").isEqualTo(1);
    assertThat(world.get(unread, key)).isEqualTo(2);
    world.transactions().rollback(unread);
    assertThat(world.heldLatches()).isZero();
  }

  @Test
  void whatItReadIsStillValidated() {
    var world = new World(ConcurrencyMode.OPTIMISTIC);
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    TransactionId counting = world.begin();
    world.count(new ReadMode.InTransaction(counting), 3);
    handOver(world);
    world.put(upsert(key, 5));
    world.put(upsert(other, 5));
    assertThat(commitCode(world, id)).isEqualTo(Code.ABORTED);
    assertThat(commitCode(world, counting)).isEqualTo(Code.ABORTED);
    assertThat(world.get(key)).isEqualTo(5);
  }

  private Code commitCode(World world, TransactionId id) {
    var commit = world.startCommit(id, upsert(key, 2));
    world.run();
    return codeOf(commit);
  }

  @Test
  void whatIsReadWhileItGoesIsReadAgain() {
    var world = new World();
    TransactionId id = world.begin();
    ReadSession session =
        world.await(
            world
                .transactions()
                .readKeys(World.DATABASE, new ReadMode.InTransaction(id), List.of(key)));
    handOver(world);
    try (session) {
      assertThatThrownBy(() -> World.read(session, key)).isInstanceOf(NotServedException.class);
    }
  }

  /** The first of two new homes is gone before its log has that it took over. */
  @Test
  void whatItReadAtAHomeThatNeverWasOneIsReadAgain() {
    var world = new World();
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    world.systemLog().expectMembers();
    world.transactions().handOver();
    world.run();
    world.systemLog().pause();
    world.pass(HANDED_OVER);
    var early = world.startGet(new ReadMode.InTransaction(id), other);
    world.run();
    world.systemLog().depose(0);
    world.pass(HANDED_OVER);
    if (!early.isCompletedExceptionally()) {
      world.put(upsert(other, 5));
      assertThat(commitCode(world, id)).isEqualTo(Code.ABORTED);
    }
    assertThat(codeOf(early)).isEqualTo(Code.UNAVAILABLE);
    world.put(upsert(other, 5));
    world.commit(id, upsert(key, 2));
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void itsLocksAreHeldOn() {
    var world = new World(ConcurrencyMode.PESSIMISTIC);
    world.put(upsert(key, 1));
    TransactionId id = world.begin();
    world.get(id, key);
    handOver(world);
    var put = world.startPut(upsert(key, 7));
    world.run();
    assertThat(put).isNotDone();
    world.commit(id, upsert(key, 2));
    world.await(put);
    assertThat(world.get(key)).isEqualTo(7);
  }

  @Test
  void aCommitThatHasBegunEndsFirst() {
    var world = new World();
    world.systemLog().expectMembers();
    TransactionId id = world.begin();
    world.get(id, key);
    world.log(0).pause();
    var commit = world.startCommit(id, upsert(key, 2));
    world.run();
    world.transactions().handOver();
    world.pass(Duration.ofMillis(50));
    assertThat(commit).isNotDone();
    world.log(0).resume();
    world.await(commit);
    world.pass(HANDED_OVER);
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void afterAFailOverItIsLost() {
    var world = new World();
    world.systemLog().expectMembers();
    TransactionId id = world.begin();
    world.get(id, key);
    world.systemLog().depose(0);
    world.pass(HANDED_OVER);
    assertThat(commitCode(world, id)).isEqualTo(Code.ABORTED);
  }

  /** A home in between knew of no end, and may have answered it. */
  @Test
  void anEmptyCommitIsAnsweredWhateverIsRememberedOfAnEarlierTenure() {
    var world = new World();
    TransactionId id = world.begin();
    world.get(id, key);
    world.pass(IDLE_TOO_LONG);
    var expired = world.startCommit(id);
    world.run();
    assertThat(codeOf(expired)).isEqualTo(Code.ABORTED);
    handOver(world);
    assertThat(world.commit(id).results()).isEmpty();
  }

  @Test
  void whatWasHandedOverOnceIsNotTakenOverAgain() {
    var world = new World();
    TransactionId id = world.begin();
    world.get(id, key);
    handOver(world);
    world.put(upsert(other, 1));
    world.systemLog().depose(0);
    world.pass(HANDED_OVER);
    assertThat(commitCode(world, id)).isEqualTo(Code.ABORTED);
  }

  /** A bound that comes into the log behind the hand-over would take that back. */
  @Test
  void itGoesOnThoughTimestampsAreAskedForAtTheSameTime() {
    for (int reading = 1; reading <= 3; reading++) {
      var world = new World();
      world.put(upsert(key, 1));
      world.systemLog().expectMembers();
      world.pass(Duration.ofSeconds(1));
      TransactionId id = world.begin();
      world.get(id, key);
      world.pass(Duration.ofSeconds(5));

      world.transactions().handOver();
      world.interruptIn(reading);
      var unused = world.startGet(new ReadMode.Strong(), other);
      world.pass(HANDED_OVER);
      assertThat(world.get(id, key)).as("interrupted at reading %d", reading).isEqualTo(1);
    }
  }
}

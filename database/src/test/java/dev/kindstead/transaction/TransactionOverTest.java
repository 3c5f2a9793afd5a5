package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.DATABASE;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.key;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client hears of a transaction that is over, read-only, or none. */
final class TransactionOverTest {
  private final World world = new World();
  private final Key key = key("a");

  @Test
  void rolledBackAndCommittedOnesAreClosed() {
    TransactionId id = world.begin();
    world.await(world.transactions().rollback(id));
    world.await(world.transactions().rollback(id));
    assertThat(codeOf(settled(world.startCommit(id, upsert(key, 1)))))
        .isEqualTo(Code.INVALID_ARGUMENT);
    TransactionId committed = world.begin();
    world.commit(committed, upsert(key, 1));
    assertThat(codeOf(settled(world.startGet(new ReadMode.InTransaction(committed), key))))
        .isEqualTo(Code.INVALID_ARGUMENT);
    world.await(world.transactions().rollback(committed));
  }

  @Test
  void idleAndOldOnesAreAborted() {
    TransactionId idle = world.begin();
    world.pass(Duration.ofSeconds(62));
    assertThat(codeOf(settled(world.startGet(new ReadMode.InTransaction(idle), key))))
        .isEqualTo(Code.ABORTED);
    TransactionId busy = world.begin();
    for (int i = 0; i < 5; i++) {
      world.pass(Duration.ofSeconds(50));
      world.get(busy, key);
    }
    world.pass(Duration.ofSeconds(25));
    assertThat(codeOf(settled(world.startCommit(busy, upsert(key, 1))))).isEqualTo(Code.ABORTED);
  }

  @Test
  void readOnlyOnesCommitNothing() {
    world.put(upsert(key, 1));
    TransactionId id = world.beginReadOnly();
    world.put(upsert(key, 2));
    assertThat(world.get(id, key)).isEqualTo(1);
    assertThat(codeOf(settled(world.startCommit(id, upsert(key, 3)))))
        .isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(world.commit(id).results()).isEmpty();
  }

  @Test
  void anIdThatNobodyMadeIsRefused() {
    byte[] forged = world.begin().bytes().array().clone();
    forged[27] ^= 1;
    for (byte[] bytes : List.of(forged, new byte[] {1}, new byte[100])) {
      var id = new TransactionId(Bytes.of(bytes));
      assertThat(codeOf(settled(world.startCommit(id, upsert(key, 1)))))
          .isEqualTo(Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void aReadCanBeginOne() {
    world.put(upsert(key, 1));
    var options = new ReadMode.InNewTransaction(new TransactionOptions.ReadWrite(null));
    ReadSession session =
        world.await(world.transactions().readKeys(DATABASE, options, List.of(key)));
    TransactionId id = session.takeNewTransaction();
    assertThat(id).isNotNull();
    assertThat(World.read(session, key)).isEqualTo(1);
    session.close();
    world.put(upsert(key, 2));
    if (id != null) {
      assertThat(codeOf(settled(world.startCommit(id, upsert(key, 3))))).isEqualTo(Code.ABORTED);
    }
  }

  private <T> java.util.concurrent.CompletableFuture<T> settled(
      java.util.concurrent.CompletableFuture<T> future) {
    world.run();
    return future;
  }
}

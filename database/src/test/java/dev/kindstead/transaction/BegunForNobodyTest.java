package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.DATABASE;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of a transaction that a read began nobody hears when the read fails: it is over with it. */
final class BegunForNobodyTest {
  private final World world = new World();
  private final Key key = keyOn(0, 0);

  private void theReadTakesTooLong(TransactionOptions options) {
    world.log(0).pause();
    var write = world.startPut(upsert(key, 1));
    world.run();
    var read =
        world
            .transactions()
            .readKeys(DATABASE, new ReadMode.InNewTransaction(options), List.of(key));
    world.run();
    assertThat(world.transactions().openTransactions()).isEqualTo(1);
    world.pass(Duration.ofSeconds(11));
    assertThat(codeOf(read)).isEqualTo(Code.UNAVAILABLE);
    assertThat(world.transactions().openTransactions()).isZero();
    world.log(0).resume();
    world.run();
    assertThat(write).isCompleted();
  }

  @Test
  void whichWrites() {
    theReadTakesTooLong(new TransactionOptions.ReadWrite(null));
  }

  @Test
  void whichOnlyReads() {
    theReadTakesTooLong(new TransactionOptions.ReadOnly(null));
  }

  @Test
  void whoseReadIsGivenUp() {
    var options = new ReadMode.InNewTransaction(new TransactionOptions.ReadWrite(null));
    world.await(world.transactions().readKeys(DATABASE, options, List.of(key))).close();
    assertThat(world.transactions().openTransactions()).isZero();
  }

  @Test
  void whoseIdIsTakenStays() {
    var options = new ReadMode.InNewTransaction(new TransactionOptions.ReadWrite(null));
    ReadSession session =
        world.await(world.transactions().readKeys(DATABASE, options, List.of(key)));
    assertThat(session.takeNewTransaction()).isNotNull();
    session.close();
    assertThat(world.transactions().openTransactions()).isEqualTo(1);
  }
}

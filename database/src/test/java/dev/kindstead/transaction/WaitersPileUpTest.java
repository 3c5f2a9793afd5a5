package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A key may stay in doubt for hours, as when the shard that decides has lost its majority. Those
 * who gave up waiting for it must not fill the memory meanwhile.
 */
final class WaitersPileUpTest {
  private final World world = new World(ConcurrencyMode.PESSIMISTIC);
  private final Key key = keyOn(0, 0);

  @BeforeEach
  void theKeyIsInDoubt() {
    world.log(0).pause();
    var unused = world.startPut(upsert(key, 1));
    world.run();
  }

  @AfterEach
  void theOutcomeComes() {
    world.log(0).resume();
    world.pass(Duration.ofMillis(10));
    assertThat(world.get(key)).isEqualTo(1);
    assertThat(world.heldLatches()).isZero();
  }

  private void givesUp(CompletableFuture<?> waiting, Code refusal) {
    world.run();
    assertThat(world.transactions().waiting()).isEqualTo(1);
    world.pass(Duration.ofSeconds(11));
    assertThat(codeOf(waiting)).isEqualTo(refusal);
    assertThat(world.transactions().waiting()).isZero();
  }

  @Test
  void writers() {
    world.startCompany(0);
    givesUp(world.startPut(upsert(key, 2)), Code.ABORTED);
  }

  @Test
  void readers() {
    givesUp(world.startGet(new ReadMode.Strong(), key), Code.UNAVAILABLE);
  }

  @Test
  void lockers() {
    var mode = new ReadMode.InTransaction(world.begin());
    givesUp(world.startGet(mode, key), Code.ABORTED);
  }

  @Test
  void whoHasNotGivenUpGoesOn() {
    world.startCompany(0);
    var write = world.startPut(upsert(keyOn(0, 1), 5), upsert(key, 1));
    var read = world.startGet(new ReadMode.Strong(), key);
    world.run();
    assertThat(world.transactions().waiting()).isEqualTo(2);
    world.log(0).resume();
    world.pass(Duration.ofMillis(10));
    assertThat(write).isCompleted();
    assertThat(read).isCompletedWithValue(1L);
    assertThat(world.transactions().waiting()).isZero();
  }
}

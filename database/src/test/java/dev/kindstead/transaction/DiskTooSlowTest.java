package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** While a store does not keep up, nothing begins that it would have to take as well. */
final class DiskTooSlowTest {
  private final World world = new World();

  @Test
  void commitsAreRefusedWithoutBeingDone() {
    world.setBehind(true);
    var alone = world.startPut(upsert(keyOn(0, 0), 1));
    var parted = world.startPut(upsert(keyOn(0, 1), 1), upsert(keyOn(1, 1), 1));
    var transaction = world.begin();
    var ofTransaction = world.startCommit(transaction, upsert(keyOn(0, 2), 1));
    world.run();
    assertThat(codeOf(alone)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(codeOf(parted)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(codeOf(ofTransaction)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(world.get(keyOn(0, 0))).isNull();
    assertThat(world.get(keyOn(0, 1))).isNull();
    assertThat(world.heldLatches()).isZero();

    world.setBehind(false);
    world.put(upsert(keyOn(0, 0), 2));
    assertThat(world.get(keyOn(0, 0))).isEqualTo(2);
  }

  /** What has begun holds latches, and room in memory, until it has ended. */
  @Test
  void whatHasBegunGoesOn() {
    world.log(1).pause();
    var parted = world.startPut(upsert(keyOn(0, 1), 1), upsert(keyOn(1, 1), 1));
    world.run();
    world.setBehind(true);
    world.log(1).resume();
    world.pass(Duration.ofMillis(10));
    assertThat(parted).isCompleted();
    assertThat(world.get(keyOn(1, 1))).isEqualTo(1);
  }
}

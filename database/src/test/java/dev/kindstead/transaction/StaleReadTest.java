package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.DATABASE;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 1, 4 and 9: a read at a timestamp sees all that commits at or below it. */
final class StaleReadTest {
  private final World world = new World();
  private final Key key = keyOn(0, 0);
  private final Key elsewhere = keyOn(1, 0);

  @Test
  void aReadOverShardsWaitsForWhatIsInFlightOnItsKeysOnly() {
    world.put(upsert(key, 1), upsert(elsewhere, 1));
    world.log(0).pause();
    var put = world.startPut(upsert(key, 2));
    world.run();
    var waiting =
        world.transactions().readKeys(DATABASE, new ReadMode.Strong(), List.of(key, elsewhere));
    var free =
        world
            .transactions()
            .readKeys(DATABASE, new ReadMode.Strong(), List.of(keyOn(0, 1), elsewhere));
    assertThat(free).isCompleted();
    free.join().close();
    world.run();
    assertThat(waiting).isNotDone();
    world.log(0).resume();
    try (ReadSession session = world.await(waiting)) {
      assertThat(put).isCompleted();
      assertThat(World.read(session, key)).isEqualTo(2);
    }
  }

  /**
   * Found by the simulation: seeds 1361 and 2262 of an earlier build, 10 and 369 of a later one.
   */
  @Test
  void aReadOfOneShardIsNotBeforeWhatWasAcknowledgedElsewhere() {
    world.put(upsert(key, 1));
    world.log(0).pause();
    var put = world.startPut(upsert(key, 2));
    world.run();
    long acknowledged = world.put(upsert(elsewhere, 2)).commitTime();
    var waiting = world.transactions().readKeys(DATABASE, new ReadMode.Strong(), List.of(key));
    var free = world.transactions().readKeys(DATABASE, new ReadMode.Strong(), List.of(keyOn(0, 1)));
    world.run();
    assertThat(waiting).isNotDone();
    assertThat(free).isCompleted();
    free.join().close();
    world.log(0).resume();
    try (ReadSession session = world.await(waiting)) {
      assertThat(put).isCompleted();
      assertThat(put.join().commitTime()).isLessThan(acknowledged);
      assertThat(session.readTime()).isGreaterThanOrEqualTo(acknowledged);
      assertThat(World.read(session, key)).isEqualTo(2);
    }
  }

  @Test
  void aReadWaitsOnlyForWhatWasInFlightWhenItCame() {
    world.log(0).pause();
    world.startPut(upsert(key, 1));
    world.run();
    var waiting = world.transactions().readKeys(DATABASE, new ReadMode.Strong(), List.of(key));
    world.startPut(upsert(key, 2));
    world.log(0).resume();
    try (ReadSession session = world.await(waiting)) {
      assertThat(World.read(session, key)).isEqualTo(1);
    }
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void aReadThatWaitsTooLongFails() {
    world.log(0).pause();
    world.startPut(upsert(key, 2));
    world.run();
    var waiting =
        world.transactions().readKeys(DATABASE, new ReadMode.Strong(), List.of(key, elsewhere));
    world.pass(Duration.ofSeconds(11));
    assertThat(codeOf(waiting)).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void timesOutsideRetentionAreRefused() {
    long before = world.put(upsert(key, 1)).commitTime();
    var future = world.startGet(new ReadMode.AtTime(before + 60_000_000), key);
    world.run();
    assertThat(codeOf(future)).isEqualTo(Code.INVALID_ARGUMENT);
    world.pass(Duration.ofMinutes(61));
    var past = world.startGet(new ReadMode.AtTime(before), key);
    world.run();
    assertThat(codeOf(past)).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(world.get(key)).isEqualTo(1);
  }

  @Test
  void timestampsRiseThoughTheClockIsSetBackAndTheProcessRestarted() {
    long before = world.put(upsert(key, 1)).commitTime();
    world.setWallClockBack(Duration.ofHours(1));
    long middle = world.put(upsert(key, 2)).commitTime();
    world.restart();
    world.setWallClockBack(Duration.ofHours(1));
    assertThat(world.get(key)).isEqualTo(2);
    long after = world.put(upsert(key, 3)).commitTime();
    assertThat(before).isLessThan(middle);
    assertThat(middle).isLessThan(after);
  }

  @Test
  void timestampsStayCloseToTheClockWhenItIdles() {
    world.pass(Duration.ofMinutes(10));
    long wall = world.wallMicros();
    assertThat(world.put(upsert(key, 1)).commitTime()).isBetween(wall, wall + 1_000_000);
  }

  /** What a leader could not apply, the others have. */
  @Test
  void aLeaderWhoseDiskFailedDoesNotReadPastWhatWasInFlight() {
    world.put(upsert(key, 1));
    world.log(0).expectMembers();
    world.log(0).pause();
    var unused = world.startPut(upsert(key, 2));
    world.run();
    world.log(0).fail(new IOException("no such device"));
    var read = world.startGet(new ReadMode.Strong(), key);
    world.run();
    assertThat(read).isNotDone();
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Garbage collection leaves what may still be read (rule 9). */
final class CollectedTooEarlyTest {
  /** Longer than between two collections, shorter than an idle transaction lives. */
  private static final int SECONDS = 40;

  private final Key key = World.key("a");

  /** What is collected goes by the last timestamp, so a database that nobody uses keeps all. */
  private static void passInUse(World world) {
    for (int second = 0; second < SECONDS; second++) {
      world.put(upsert(World.key("other"), second));
      world.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void whatAnOpenTransactionReadsOutlivesRetention() {
    var world = new World(ConcurrencyMode.OPTIMISTIC, Duration.ofSeconds(5));
    long first = world.put(upsert(key, 1)).commitTime();
    TransactionId open = world.beginReadOnly();
    assertThat(world.get(open, key)).isEqualTo(1);
    world.put(upsert(key, 2));
    passInUse(world);
    var outside = world.startGet(new ReadMode.AtTime(first), key);
    world.run();
    assertThat(codeOf(outside)).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(world.get(open, key)).isEqualTo(1);
  }

  /** By the timestamps' difference it seems older than it is. */
  @Test
  void whatWasWrittenBeforeTheClockJumpedIsReadableForAsLong() {
    var world = new World(ConcurrencyMode.OPTIMISTIC, Duration.ofSeconds(45));
    passInUse(world);
    long first = world.put(upsert(key, 1)).commitTime();
    world.put(upsert(key, 2));
    world.setWallClockBack(Duration.ofSeconds(-50));
    passInUse(world);
    assertThat(world.getAt(first, key)).isEqualTo(1);
    passInUse(world);
    passInUse(world);
    var later = world.startGet(new ReadMode.AtTime(first), key);
    world.run();
    assertThat(codeOf(later)).isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void whatIsWithinRetentionIsThere() {
    var world = new World();
    long first = world.put(upsert(key, 1)).commitTime();
    world.put(upsert(key, 2));
    passInUse(world);
    assertThat(world.getAt(first, key)).isEqualTo(1);
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that is alone reads on when its disk takes nothing any more. */
final class SystemLogFailsTest {
  private final World world = new World();

  @Test
  void readsGoOnThoughThereAreNoTimestampsToCommitAt() {
    world.put(upsert(keyOn(0, 0), 1));
    world.systemLog().fail(new IOException("the disk is broken"));
    world.pass(Duration.ofSeconds(20));
    assertThat(world.get(keyOn(0, 0))).isEqualTo(1);
    var put = world.startPut(upsert(keyOn(0, 0), 2));
    world.pass(Duration.ofSeconds(20));
    assertThat(codeOf(put)).isEqualTo(Code.UNAVAILABLE);
    assertThat(world.get(keyOn(0, 0))).isEqualTo(1);
  }
}

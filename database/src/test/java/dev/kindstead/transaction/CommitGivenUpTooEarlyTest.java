package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a commit waits for others says nothing of how long it may wait for the log. */
final class CommitGivenUpTooEarlyTest {
  private final World world = new World();
  private final Key key = keyOn(0, 1);
  private CompletableFuture<CommitResult> waiting = new CompletableFuture<>();

  @BeforeEach
  void theLogIsSlow() {
    world.log(0).pause();
    var unused = world.startPut(upsert(keyOn(0, 0), 1));
    world.run();
    waiting = world.startPut(upsert(key, 2));
    world.run();
  }

  @Test
  void aSlowLogIsWaitedFor() {
    world.pass(Duration.ofSeconds(5));
    assertThat(waiting).isNotDone();
    world.log(0).resume();
    world.pass(Duration.ofMillis(10)); // it may wait for company
    assertThat(waiting).isCompleted();
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void butNotForEver() {
    world.pass(Duration.ofSeconds(12));
    assertThat(codeOf(waiting)).isEqualTo(Code.UNAVAILABLE);
    world.log(0).resume();
    world.run();
    assertThat(world.get(key)).isNull();
  }
}

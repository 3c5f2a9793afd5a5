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

/** A commit that waits for others to share its entry is in nobody's way, and ends. */
final class CommitWaitsForCompanyTest {
  private static final int CLIENTS = 8;

  /** Of which a commit waits half for company. */
  private static final Duration ENTRY = Duration.ofMillis(4);

  private final World world = new World();
  private final Key key = keyOn(0, 0);

  /** Eight clients are answered, and seven are not back yet. */
  private CompletableFuture<CommitResult> waiting = new CompletableFuture<>();

  @BeforeEach
  void oneOfManyComesBack() {
    world.log(0).pause();
    for (int client = 0; client < CLIENTS; client++) {
      var unused = world.startPut(upsert(keyOn(0, client), 1));
    }
    world.pass(ENTRY);
    world.log(0).resume();
    world.run();
    waiting = world.startPut(upsert(key, 2));
    world.run();
    assertThat(waiting).isNotDone();
    assertThat(world.log(0).openProposals()).isZero();
  }

  @Test
  void untilTheTimeIsOver() {
    world.pass(ENTRY.dividedBy(2));
    assertThat(waiting).isCompleted();
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void untilMostAreBack() {
    for (int client = 1; client < CLIENTS - 2; client++) {
      var unused = world.startPut(upsert(keyOn(0, client), 2));
    }
    world.run();
    assertThat(waiting).isCompleted();
  }

  @Test
  void nobodyElseWaitsWithIt() {
    assertThat(world.get(key)).isEqualTo(1);
    world.put(upsert(keyOn(1, 0), 1));
    world.put(upsert(keyOn(0, 1), 3), upsert(keyOn(1, 1), 3));
    assertThat(waiting).isCompleted();
  }

  /** Nothing of it is in the log, so it is certain that it is not applied. */
  @Test
  void aLeaderThatIsDeposedAnswersIt() {
    world.log(0).depose(0);
    world.run();
    assertThat(codeOf(waiting)).isEqualTo(Code.UNAVAILABLE);
    world.pass(ENTRY);
    assertThat(world.get(key)).isEqualTo(1);
    world.put(upsert(key, 3));
    assertThat(world.get(key)).isEqualTo(3);
    assertThat(world.heldLatches()).isZero();
  }

  @Test
  void aCrashLeavesNothingOfIt() {
    world.restart();
    assertThat(world.get(key)).isEqualTo(1);
    world.put(upsert(key, 3));
    assertThat(world.get(key)).isEqualTo(3);
  }
}

package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit whose turn comes when nobody waits for it any more is not begun. */
final class CommitAfterItsDeadlineTest {
  private static final Duration LEFT = Duration.ofMillis(50);

  private final World world = new World();
  private final Key written = keyOn(0, 0);
  private final Key key = keyOn(0, 1);

  @BeforeEach
  void theLogIsSlow() {
    world.log(0).pause();
    var unused = world.startPut(upsert(written, 1));
    world.run();
  }

  private CompletableFuture<CommitResult> startHurriedPut(Mutation... mutations) {
    return startHurried(null, mutations);
  }

  private CompletableFuture<CommitResult> startHurried(
      @Nullable TransactionId id, Mutation... mutations) {
    long deadline = world.monotonicNanos() + LEFT.toNanos();
    var started =
        world
            .transactions()
            .commit(
                new CommitRequest(World.DATABASE, id, id != null, List.of(mutations), deadline));
    world.run();
    return started;
  }

  private void goOn() {
    world.log(0).resume();
    world.pass(Duration.ofMillis(10));
    assertThat(world.get(written)).isEqualTo(1);
  }

  @Test
  void whenTheLogTakesTheNextOnes() {
    CompletableFuture<CommitResult> late = startHurriedPut(upsert(key, 2));
    world.pass(LEFT);
    assertThat(late).as("nobody has looked").isNotDone();
    goOn();
    assertThat(codeOf(late)).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(world.get(key)).isNull();
  }

  @Test
  void oneInTimeIs() {
    CompletableFuture<CommitResult> inTime = startHurriedPut(upsert(key, 2));
    world.pass(LEFT.dividedBy(2));
    goOn();
    assertThat(inTime).isCompleted();
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void itGivesItsPlaceBackWhileTheLogStandsStill() {
    CompletableFuture<CommitResult> late = startHurriedPut(upsert(key, 2));
    world.pass(Duration.ofMillis(200));
    assertThat(codeOf(late)).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void whatIsWaitedForIsAnotherCommit() {
    CompletableFuture<CommitResult> late = startHurriedPut(upsert(written, 2));
    world.pass(Duration.ofMillis(200));
    assertThat(codeOf(late)).isEqualTo(Code.DEADLINE_EXCEEDED);
    goOn();
  }

  @Test
  void overSeveralShardsNothingStaysHeld() {
    Key other = keyOn(1, 0);
    CompletableFuture<CommitResult> late = startHurriedPut(upsert(written, 2), upsert(other, 2));
    world.pass(Duration.ofMillis(200));
    assertThat(codeOf(late)).isEqualTo(Code.DEADLINE_EXCEEDED);
    goOn();
    assertThat(world.get(other)).isNull();
    assertThat(world.heldLatches()).isZero();
  }

  /** Its client may have asked again, and hear of it then. */
  @Test
  void oneOfATransactionIsBegunAllTheSame() {
    TransactionId id = world.begin();
    CompletableFuture<CommitResult> late = startHurried(id, upsert(key, 2));
    world.pass(LEFT.multipliedBy(2));
    CompletableFuture<CommitResult> again = world.startCommit(id, upsert(key, 2));
    goOn();
    assertThat(late).isCompleted();
    assertThat(again).isCompletedWithValue(late.join());
    assertThat(world.get(key)).isEqualTo(2);
  }
}

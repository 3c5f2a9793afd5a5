package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.transaction.CommitResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A list that stays locked keeps the closing write from going through, and that is noticed. */
final class HeldForEverTest {
  private final Deque<CompletableFuture<CommitResult>> writes = new ArrayDeque<>();
  private final Closing closing = new Closing(writes::pollFirst);

  @Test
  void aWriteThatWaitsForALockIsNotDone() {
    writes.add(new CompletableFuture<>());
    writes.add(CompletableFuture.completedFuture(new CommitResult(List.of(), 0, 1)));
    for (int i = 0; i < 10; i++) {
      assertThat(closing.isDone()).isFalse();
    }
    assertThat(writes).as("one at a time").hasSize(1);
  }

  @Test
  void aWriteThatIsRefusedIsTriedAgainAndNotDone() {
    for (int i = 0; i < 10; i++) {
      writes.add(CompletableFuture.failedFuture(new IllegalStateException("locked " + i)));
      assertThat(closing.isDone()).isFalse();
      assertThat(closing).asString().contains("locked " + i);
    }
  }

  @Test
  void whereNobodyServesItIsNotDone() {
    assertThat(closing.isDone()).isFalse();
    assertThat(closing.isDone()).isFalse();
  }

  @Test
  void onceTheLockFallsItIsDone() {
    var waits = new CompletableFuture<CommitResult>();
    writes.add(waits);
    assertThat(closing.isDone()).isFalse();
    waits.complete(new CommitResult(List.of(), 0, 1));
    assertThat(closing.isDone()).isTrue();
  }
}

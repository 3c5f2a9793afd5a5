package dev.kindstead.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Work in the background goes on although a step is never answered. */
final class LimitedWaitingTest {
  private final List<Runnable> timed = new ArrayList<>();
  private final Timers timers =
      (delay, task) -> {
        assertThat(delay).isLessThanOrEqualTo(Duration.ofSeconds(30));
        timed.add(task);
        return () -> timed.remove(task);
      };

  /** Whoever waits lets this happen meanwhile. */
  private Runnable meanwhile = () -> {};

  private final LimitedWaiting waiting =
      new LimitedWaiting(
          new Waiting() {
            @Override
            public <T> T join(CompletableFuture<T> future) {
              meanwhile.run();
              return future.join();
            }
          },
          timers);

  @Test
  void whatIsNeverAnswered() {
    meanwhile = () -> List.copyOf(timed).forEach(Runnable::run);
    var never = new CompletableFuture<Long>();
    assertThatThrownBy(() -> waiting.join(never))
        .isInstanceOf(CompletionException.class)
        .rootCause()
        .extracting(failure -> ((DatastoreException) failure).code())
        .isEqualTo(Code.UNAVAILABLE);
    assertThat(never).as("whoever works on it goes on").isNotDone();
    assertThat(timed).isEmpty();
  }

  @Test
  void whatIsAnsweredInTime() {
    var answered = new CompletableFuture<Long>();
    meanwhile = () -> answered.complete(7L);
    assertThat(waiting.join(answered)).isEqualTo(7);
    var refused = new CompletableFuture<Long>();
    meanwhile = () -> refused.completeExceptionally(DatastoreException.aborted("no"));
    assertThatThrownBy(() -> waiting.join(refused))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(DatastoreException.class);
    assertThat(timed).isEmpty();
  }
}

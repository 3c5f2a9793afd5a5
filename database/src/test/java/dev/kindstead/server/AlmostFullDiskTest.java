package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Timers;
import dev.kindstead.model.Code;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** Writes stop before the disk is full, and go on when there is space again. */
final class AlmostFullDiskTest {
  private static final long HEADROOM = 1_000;

  private final Deque<Runnable> timers = new ArrayDeque<>();
  private long usable = HEADROOM * 10;
  private boolean unreadable;

  private final DiskGuard guard =
      new DiskGuard(
          () -> {
            if (unreadable) {
              throw new IOException("planted");
            }
            return usable;
          },
          HEADROOM,
          new Timers() {
            @Override
            public Timer schedule(Duration delay, Runnable task) {
              timers.add(task);
              return () -> timers.remove(task);
            }
          },
          Runnable::run);

  private void usableIs(long bytes) {
    usable = bytes;
    timers.remove().run();
  }

  @Test
  void writesAreRefusedWithinTheHeadroomAndDeletesWithinItsHalf() {
    assertThat(guard.refusal(false)).isEmpty();
    usableIs(HEADROOM - 1);
    assertThat(guard.refusal(false))
        .hasValueSatisfying(
            refusal -> assertThat(refusal.code()).isEqualTo(Code.RESOURCE_EXHAUSTED));
    assertThat(guard.refusal(true)).isEmpty();
    usableIs(HEADROOM / 2 - 1);
    assertThat(guard.refusal(true)).isPresent();
  }

  @Test
  void recoversALittleAboveTheHeadroom() {
    usableIs(0);
    usableIs(HEADROOM + 1);
    assertThat(guard.refusal(false)).isPresent();
    usableIs(HEADROOM * 2);
    assertThat(guard.refusal(false)).isEmpty();
  }

  @Test
  void diskThatCannotBeMeasuredKeepsItsState() {
    unreadable = true;
    usableIs(0);
    assertThat(guard.refusal(false)).isEmpty();
    assertThat(timers).hasSize(1);
  }

  @Test
  void closedGuardPlansNothing() {
    guard.close();
    assertThat(timers).isEmpty();
  }
}

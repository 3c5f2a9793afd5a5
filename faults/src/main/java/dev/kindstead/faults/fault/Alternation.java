package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Pause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Does one thing, then the other, again and again on a thread of its own until it is ended. */
final class Alternation {
  private final Runnable one;
  private final Runnable other;
  private final Duration oneLength;
  private final Duration otherLength;
  private final Thread thread = new Thread(this::run, "alternation");
  private volatile boolean ended;
  private volatile int times;
  private volatile @Nullable RuntimeException failure;

  Alternation(Runnable one, Duration oneLength, Runnable other, Duration otherLength) {
    this.one = one;
    this.oneLength = oneLength;
    this.other = other;
    this.otherLength = otherLength;
  }

  void begin() {
    thread.start();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written on its own thread only
  private void run() {
    try {
      while (!ended) {
        one.run();
        times++;
        Pause.of(oneLength);
        other.run();
        Pause.of(otherLength);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** The other thing was done last. Returns how often the one was done. */
  int end() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (failure != null) {
      throw failure;
    }
    return times;
  }
}

package dev.kindstead.faults.machine;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits, all of them bounded. */
public final class Pause {
  private static final Duration POLL = Duration.ofMillis(50);

  private Pause() {}

  public static void of(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether it came to hold within {@code max}. */
  public static boolean until(Duration max, BooleanSupplier holds) {
    long end = System.nanoTime() + max.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      of(POLL);
    }
    return true;
  }
}

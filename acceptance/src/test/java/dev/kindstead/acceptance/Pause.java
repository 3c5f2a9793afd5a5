package dev.kindstead.acceptance;

import java.time.Duration;

/** Lets time pass, where that is what a test is about. */
final class Pause {
  private Pause() {}

  static void of(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

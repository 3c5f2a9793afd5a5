package dev.kindstead.benchmarks;

/** A wait of a given length. */
final class Pause {
  private Pause() {}

  static void ofMillis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.kindstead.acceptance;

import java.util.concurrent.atomic.AtomicInteger;

/** Project ids that nobody used before, so that tests sharing a server don't see each other. */
final class Projects {
  private static final String RUN = Long.toString(System.currentTimeMillis(), 36);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private Projects() {}

  static String fresh() {
    return "project-" + RUN + "-" + NUMBER.incrementAndGet();
  }
}

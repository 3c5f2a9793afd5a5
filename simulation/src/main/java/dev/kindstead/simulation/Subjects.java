package dev.kindstead.simulation;

import java.util.SplittableRandom;

/**
 * What a run is about beside transactions on lists. Drawn apart from everything else, so that the
 * seeds that are about nothing else stay what they are.
 *
 * @param library whether there are books, queries over them, and indexes built meanwhile
 */
record Subjects(boolean library) {
  static final Subjects LISTS = new Subjects(false);

  private static final long SALT = 0x5ca1ab1e;

  /** One seed in so many. */
  private static final int LIBRARY_IN = 4;

  static Subjects draw(long seed) {
    var random = new SplittableRandom(seed ^ SALT);
    return new Subjects(random.nextInt(LIBRARY_IN) == 0);
  }
}

package dev.kindstead.simulation;

import java.util.SplittableRandom;

/**
 * What a run is about beside transactions on lists. Drawn apart from everything else, so that the
 * seeds that are about nothing else stay what they are.
 *
 * @param library whether there are books, queries over them, and indexes built meanwhile
 * @param spread how many nodes there are to begin with, of which three have a replica of each
 *     shard; nodes come, are lost and removed, and replicas move. Zero where all stay what they are
 * @param figures whether there are accounts, registers and a set
 */
record Subjects(boolean library, int spread, boolean figures) {
  static final Subjects LISTS = new Subjects(false, 0, false);

  /** Replicas of each group where they are spread. */
  static final int COPIES = 3;

  private static final long SALT = 0x5ca1ab1e;

  /** One seed in so many. */
  private static final int LIBRARY_IN = 4;

  private static final int SPREAD_IN = 5;
  private static final int FIGURES_IN = 4;

  static Subjects draw(long seed) {
    var random = new SplittableRandom(seed ^ SALT);
    boolean library = random.nextInt(LIBRARY_IN) == 0;
    int spread = random.nextInt(SPREAD_IN) == 0 ? COPIES + 1 + random.nextInt(2) : 0;
    return new Subjects(library, spread, random.nextInt(FIGURES_IN) == 0);
  }

  boolean isSpread() {
    return spread > 0;
  }

  Subjects withLibrary() {
    return new Subjects(true, spread, figures);
  }

  Subjects withSpread(int nodes) {
    return new Subjects(library, nodes, figures);
  }

  Subjects withFigures() {
    return new Subjects(library, spread, true);
  }
}

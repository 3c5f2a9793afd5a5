package dev.kindstead.storage;

/**
 * How many rows may yet be walked to find out whether something has changed, over several ranges.
 * Confined to one thread.
 */
public final class WalkLimit {
  private int rowsLeft;

  public WalkLimit(int rows) {
    rowsLeft = rows;
  }

  /** For ranges of which the caller knows that they are short. */
  static WalkLimit none() {
    return new WalkLimit(Integer.MAX_VALUE);
  }

  /** Counts a row; false when that is one too many. */
  boolean take() {
    return --rowsLeft >= 0;
  }
}

package dev.kindstead.index;

import java.util.List;

/**
 * What the planner may use in a database. Immutable.
 *
 * @param strict whether a query that would need another index is refused instead of sorted
 */
public record DatabaseIndexes(boolean strict, List<ReadyIndex> ready) {
  /** Built-in indexes alone; what they do not order is sorted. */
  public static final DatabaseIndexes AUTOMATIC = new DatabaseIndexes(false, List.of());

  public DatabaseIndexes {
    ready = List.copyOf(ready);
  }

  /**
   * An index that has all its entries.
   *
   * @param readyTime microseconds; a snapshot before it does not have them all
   */
  public record ReadyIndex(IndexDefinition definition, long readyTime) {}

  /** Those that a snapshot at {@code timestamp} has entirely. */
  public DatabaseIndexes at(long timestamp) {
    boolean all = true;
    for (ReadyIndex each : ready) {
      all &= each.readyTime() <= timestamp;
    }
    if (all) {
      return this;
    }
    return new DatabaseIndexes(
        strict, ready.stream().filter(each -> each.readyTime() <= timestamp).toList());
  }
}

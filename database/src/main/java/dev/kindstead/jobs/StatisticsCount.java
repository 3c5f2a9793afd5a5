package dev.kindstead.jobs;

/**
 * How much there is of something. Confined to one thread.
 *
 * <p>Sizes are bytes as stored, before compression.
 */
final class StatisticsCount {
  private long items;
  private long itemBytes;
  private long builtInEntries;
  private long builtInBytes;
  private long compositeEntries;
  private long compositeBytes;

  void addItem(long bytes) {
    items++;
    itemBytes += bytes;
  }

  void addBuiltIn(long entries, long bytes) {
    builtInEntries += entries;
    builtInBytes += bytes;
  }

  void addComposite(long entries, long bytes) {
    compositeEntries += entries;
    compositeBytes += bytes;
  }

  void add(StatisticsCount other) {
    items += other.items;
    itemBytes += other.itemBytes;
    addBuiltIn(other.builtInEntries, other.builtInBytes);
    addComposite(other.compositeEntries, other.compositeBytes);
  }

  long items() {
    return items;
  }

  long itemBytes() {
    return itemBytes;
  }

  long builtInEntries() {
    return builtInEntries;
  }

  long builtInBytes() {
    return builtInBytes;
  }

  long compositeEntries() {
    return compositeEntries;
  }

  long compositeBytes() {
    return compositeBytes;
  }

  /** Everything that takes room. */
  long bytes() {
    return itemBytes + builtInBytes + compositeBytes;
  }
}

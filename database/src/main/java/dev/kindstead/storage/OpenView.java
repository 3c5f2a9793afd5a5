package dev.kindstead.storage;

/**
 * A view of the store with what is known about its age: it contains at least the commits up to
 * {@code seenAtLeast} and at most those up to {@code seenAtMost}, which are {@link RecentChanges}
 * sequences. Thread-safe as its view.
 */
record OpenView(
    OrderedStore.View view,
    RecentChanges recent,
    DeadRanges dead,
    long seenAtLeast,
    long seenAtMost)
    implements AutoCloseable {
  static OpenView of(OrderedStore store, RecentChanges recent, DeadRanges dead) {
    long seenAtLeast = recent.sequenceApplied();
    OrderedStore.View view = store.view();
    return new OpenView(view, recent, dead, seenAtLeast, recent.sequenceStaged());
  }

  @Override
  public void close() {
    view.close();
  }
}

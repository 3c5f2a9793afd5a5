package dev.kindstead.query;

import org.jspecify.annotations.Nullable;

/** Results in order, pulled one by one. Confined to one thread; close it. */
interface RowSource extends AutoCloseable {
  /** The next result, left where it is; null when there is none. */
  @Nullable Row peek() throws Budget.Spent;

  /** Takes the result that {@link #peek} showed. */
  void pop() throws Budget.Spent;

  /** Whether results may follow although {@link #peek} shows none. */
  default boolean isCut() {
    return false;
  }

  /** Where to go on when cut, if not behind the last result taken. */
  default @Nullable Position passed() {
    return null;
  }

  @Override
  void close();
}

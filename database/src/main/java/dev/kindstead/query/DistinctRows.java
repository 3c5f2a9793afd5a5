package dev.kindstead.query;

import org.jspecify.annotations.Nullable;

/**
 * The first result of each group: the groups' properties are the first orders, so a group's results
 * are adjacent. Confined to one thread.
 */
final class DistinctRows implements RowSource {
  private final RowSource source;
  private final Ordering ordering;
  private final int groupedBy;
  private @Nullable Position last;
  private @Nullable Position passed;

  /**
   * @param groupedBy how many orders make a group
   * @param start where an earlier batch ended: its group has had its result
   */
  DistinctRows(RowSource source, Ordering ordering, int groupedBy, Cursor start) {
    this.source = source;
    this.ordering = ordering;
    this.groupedBy = groupedBy;
    last = start.reversed() ? null : start.position();
  }

  @Override
  public @Nullable Row peek() throws Budget.Spent {
    Row row = source.peek();
    while (row != null && last != null && ordering.compare(row.position(), last, groupedBy) == 0) {
      passed = row.position();
      source.pop();
      row = source.peek();
    }
    return row;
  }

  @Override
  public void pop() throws Budget.Spent {
    Row row = source.peek();
    last = row == null ? null : row.position();
    passed = last;
    source.pop();
  }

  @Override
  public @Nullable Position passed() {
    return passed;
  }

  @Override
  public boolean isCut() {
    return source.isCut();
  }

  @Override
  public void close() {
    source.close();
  }
}

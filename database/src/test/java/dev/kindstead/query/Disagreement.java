package dev.kindstead.query;

import org.jspecify.annotations.Nullable;

/** The product answered a query in another way than the model. */
final class Disagreement extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String sort;
  private final String expected;
  private final String actual;

  /**
   * @param sort which of the comparisons it was: what stays the same while a case is shrunk
   */
  Disagreement(String sort, Object expected, Object actual, @Nullable Throwable cause) {
    super(sort + "\nexpected " + expected + "\nactual   " + actual, cause);
    this.sort = sort;
    this.expected = expected.toString();
    this.actual = actual.toString();
  }

  /** The same with a case's story before it. */
  Disagreement in(String story) {
    return new Disagreement(story + sort, expected, actual, this);
  }

  String sort() {
    return sort;
  }
}

package dev.kindstead.simulation.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.library.Book.BookId;
import dev.kindstead.simulation.library.BookQuery.Shape;
import dev.kindstead.simulation.library.BookQuery.Sorting;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the oracle says of queries, against answers worked out by hand. */
final class BookQueryTest {
  private static final List<Book> BOOKS =
      List.of(
          new Book(new BookId(1, 0), "t1", 2, List.of(3, 1), 7),
          new Book(new BookId(0, 1), "t0", 2, List.of(), 8),
          new Book(new BookId(0, 0), "t1", 5, List.of(1), 9));

  private static final BookQuery ANY =
      new BookQuery(null, null, null, null, 1, Sorting.NONE, Shape.KEYS, 0, null);

  @Test
  void filters() {
    assertThat(ANY.results(BOOKS)).containsExactly("s0/b0 {}", "s0/b1 {}", "s1/b0 {}");
    var tagged = new BookQuery("t1", null, null, null, 1, Sorting.NONE, Shape.KEYS, 0, null);
    assertThat(tagged.results(BOOKS)).containsExactly("s0/b0 {}", "s1/b0 {}");
    var marked = new BookQuery(null, 3, null, null, 1, Sorting.NONE, Shape.KEYS, 0, null);
    assertThat(marked.results(BOOKS)).containsExactly("s1/b0 {}");
    var shelved = new BookQuery(null, null, 0, null, 1, Sorting.NONE, Shape.KEYS, 0, null);
    assertThat(shelved.results(BOOKS)).containsExactly("s0/b0 {}", "s0/b1 {}");
    var ranged = new BookQuery(null, null, null, 2, 5, Sorting.NONE, Shape.KEYS, 0, null);
    assertThat(ranged.results(BOOKS)).containsExactly("s0/b1 {}", "s1/b0 {}");
  }

  @Test
  void orders() {
    assertThat(sorted(Sorting.RANK)).containsExactly("s0/b1 {}", "s1/b0 {}", "s0/b0 {}");
    assertThat(sorted(Sorting.RANK_DOWN)).containsExactly("s0/b0 {}", "s1/b0 {}", "s0/b1 {}");
    assertThat(sorted(Sorting.TAG_AND_RANK_DOWN))
        .containsExactly("s0/b1 {}", "s0/b0 {}", "s1/b0 {}");
  }

  @Test
  void shapes() {
    assertThat(shaped(Shape.FULL)).startsWith("s0/b0 {marks=[1], rank=5, stamp=9, tag=t1}");
    assertThat(shaped(Shape.RANK))
        .as("of an index, in its order")
        .containsExactly("s0/b1 {rank=2}", "s1/b0 {rank=2}", "s0/b0 {rank=5}");
    assertThat(shaped(Shape.MARKS))
        .as("one for each, none for a book without")
        .containsExactly("s0/b0 {marks=1}", "s1/b0 {marks=1}", "s1/b0 {marks=3}");
  }

  @Test
  void offsetAndLimit() {
    assertThat(cut(1, 1)).containsExactly("s0/b1 {}");
    assertThat(cut(2, 5)).containsExactly("s1/b0 {}");
    assertThat(cut(3, 1)).isEmpty();
    assertThat(new BookQuery(null, null, null, null, 1, Sorting.NONE, Shape.KEYS, 1, 1).whole())
        .isEqualTo(ANY);
  }

  private static List<String> sorted(Sorting sorting) {
    return new BookQuery(null, null, null, null, 1, sorting, Shape.KEYS, 0, null).results(BOOKS);
  }

  private static List<String> shaped(Shape shape) {
    return new BookQuery(null, null, null, null, 1, Sorting.NONE, shape, 0, null).results(BOOKS);
  }

  private static List<String> cut(int offset, int limit) {
    return new BookQuery(null, null, null, null, 1, Sorting.NONE, Shape.KEYS, offset, limit)
        .results(BOOKS);
  }
}

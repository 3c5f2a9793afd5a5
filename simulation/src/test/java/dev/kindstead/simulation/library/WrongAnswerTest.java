package dev.kindstead.simulation.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.library.Book.BookId;
import dev.kindstead.simulation.library.BookQuery.Shape;
import dev.kindstead.simulation.library.BookQuery.Sorting;
import dev.kindstead.simulation.library.Library.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with an answer is found, and what an unknown commit leaves open is not. */
final class WrongAnswerTest {
  private static final Book ONE = book(1, 4);
  private static final Book TWO = book(2, 3);
  private static final Book THREE = book(3, 2);
  private static final BookQuery ALL = query(0, null);

  private final Library library = new Library();

  WrongAnswerTest() {
    commit(10, ONE);
    commit(20, TWO);
    commit(30, THREE);
  }

  @Test
  void rightAnswers() {
    answer(ALL, 9, false);
    answer(ALL, 10, false, ONE);
    answer(ALL, 29, false, TWO, ONE);
    answer(ALL, 30, false, THREE, TWO, ONE);
    answer(query(0, 2), 30, true, THREE, TWO);
    answer(query(1, 2), 30, false, TWO, ONE);
    answer(query(2, 2), 30, false, ONE);
    answer(query(9, null), 30, false);
    assertThat(library.anomalies()).isEmpty();
    assertThat(library.judged()).containsEntry("query judged", 6);
  }

  @Test
  void aResultIsMissing() {
    answer(ALL, 30, false, THREE, ONE);
    assertFound();
  }

  @Test
  void aResultIsThereTwice() {
    answer(ALL, 30, false, THREE, TWO, TWO, ONE);
    assertFound();
  }

  @Test
  void resultsAreOutOfOrder() {
    answer(ALL, 30, false, TWO, THREE, ONE);
    assertFound();
  }

  @Test
  void theNextPageBeginsWithTheLastResult() {
    answer(query(1, 2), 30, true, THREE, TWO);
    assertFound();
  }

  @Test
  void moreThanTheLimit() {
    answer(query(0, 1), 30, false, THREE, TWO);
    assertFound();
  }

  @Test
  void whetherThereIsMoreIsSaidWrongly() {
    answer(query(0, 2), 30, false, THREE, TWO);
    answer(query(0, 3), 30, true, THREE, TWO, ONE);
    assertThat(library.anomalies()).hasSize(2);
  }

  @Test
  void aSnapshotOfAnotherTime() {
    answer(ALL, 29, false, THREE, TWO, ONE);
    answer(ALL, 30, false, TWO, ONE);
    assertThat(library.anomalies()).hasSize(2);
  }

  @Test
  void anOldStateAndADeletedBook() {
    Book changed = new Book(ONE.id(), ONE.tag(), 1, List.of(), 9);
    commit(40, changed);
    library.committed(50, changes(TWO.id(), null));
    answer(ALL, 50, false, changed, THREE);
    assertThat(library.anomalies()).isEmpty();
    answer(ALL, 50, false, THREE, ONE);
    answer(ALL, 50, false, changed, THREE, TWO);
    assertThat(library.anomalies()).hasSize(2);
  }

  @Test
  void anUnknownCommitIsThereAsAWholeOrNot() {
    Book four = book(4, 1);
    Map<BookId, @Nullable Book> changes = changes(four.id(), four);
    changes.put(ONE.id(), null);
    library.unknown(30, changes);
    answer(ALL, 35, false, THREE, TWO, ONE);
    answer(ALL, 40, false, four, THREE, TWO);
    assertThat(library.anomalies()).isEmpty();
    answer(ALL, 45, false, four, THREE, TWO, ONE);
    assertFound();
  }

  @Test
  void anUnknownCommitIsNotThereAnyMore() {
    Book four = book(4, 1);
    library.unknown(30, changes(four.id(), four));
    answer(ALL, 40, false, THREE, TWO, ONE);
    answer(ALL, 50, false, four, THREE, TWO, ONE);
    assertThat(library.anomalies()).isEmpty();
    answer(ALL, 49, false, four, THREE, TWO, ONE);
    assertThat(library.anomalies()).isEmpty();
    answer(ALL, 60, false, THREE, TWO, ONE);
    assertFound();
  }

  @Test
  void twoAnswersOfOneTimeDiffer() {
    Book four = book(4, 1);
    library.unknown(30, changes(four.id(), four));
    answer(ALL, 40, false, THREE, TWO, ONE);
    answer(ALL, 40, false, four, THREE, TWO, ONE);
    assertFound();
  }

  @Test
  void eachOfTwoUnknownCommitsMayComeAtItsTime() {
    Book four = book(4, 1);
    Book five = book(5, 0);
    library.unknown(30, changes(four.id(), four));
    library.unknown(30, changes(five.id(), five));
    answer(ALL, 40, false, five, THREE, TWO, ONE);
    answer(query(2, 1), 50, true, THREE);
    answer(ALL, 60, false, five, four, THREE, TWO, ONE);
    assertThat(library.anomalies()).isEmpty();
    answer(ALL, 45, false, four, THREE, TWO, ONE);
    assertFound();
  }

  @Test
  void anUnknownCommitIsThereBeforeItWasSent() {
    Book four = book(4, 1);
    library.unknown(35, changes(four.id(), four));
    answer(ALL, 36, false, four, THREE, TWO, ONE);
    assertThat(library.anomalies()).isEmpty();
    answer(ALL, 35, false, four, THREE, TWO, ONE);
    assertFound();
  }

  @Test
  void aStrongAnswerIsOlderThanWhatWasAcknowledgedBefore() {
    library.answered(new Answer(ALL, 30, 30, shown(THREE, TWO, ONE), true, false, "a test"));
    assertThat(library.anomalies()).isEmpty();
    library.answered(new Answer(ALL, 29, 30, shown(TWO, ONE), true, false, "a test"));
    assertFound();
  }

  @Test
  void whatIsThereAtTheEnd() {
    library.found(30, shown(ONE, THREE, TWO));
    assertThat(library.anomalies()).isEmpty();
    assertThat(library.judged()).containsEntry("book judged at the end", 3);
    library.found(30, shown(ONE, THREE));
    assertFound("lost: book " + TWO.shown());
    library.found(30, shown(ONE, THREE, TWO, book(4, 1)));
    assertFound("undead: book s0/b4");
    library.found(29, shown(ONE, TWO));
    assertFound("the last read of all books is of 29");
  }

  @Test
  void anUnknownCommitIsThereAtTheEndAsAWholeOrNot() {
    // More of them than answers are judged with.
    List<Book> all = new ArrayList<>(List.of(ONE, TWO, THREE));
    for (int number = 4; number < 12; number += 2) {
      Book one = new Book(new BookId(1, number - 4), "t0", 1, List.of(), number);
      Book other = new Book(new BookId(1, number - 3), "t0", 1, List.of(), number);
      Map<BookId, @Nullable Book> changes = changes(one.id(), one);
      changes.put(other.id(), other);
      library.unknown(30, changes);
      library.unknown(30, changes(new BookId(2, number - 4), book(number, 1)));
      if (number % 4 == 0) {
        all.add(one);
        all.add(other);
      }
    }
    library.found(40, all.stream().map(Book::shown).toList());
    assertThat(library.anomalies()).isEmpty();
    all.removeLast();
    library.found(40, all.stream().map(Book::shown).toList());
    assertFound("undead: book s1/b4");
  }

  @Test
  void anUnknownCommitThatWasSeenIsNotThereAtTheEnd() {
    Book four = book(4, 1);
    library.unknown(30, changes(four.id(), four));
    answer(ALL, 40, false, four, THREE, TWO, ONE);
    library.found(50, shown(ONE, TWO, THREE, four));
    assertThat(library.anomalies()).isEmpty();
    library.found(50, shown(ONE, TWO, THREE));
    assertFound("a commit of unknown outcome was there, and is not at the end");
  }

  private void assertFound(String anomaly) {
    assertThat(library.anomalies()).singleElement().asString().startsWith(anomaly);
  }

  private static List<String> shown(Book... books) {
    return Arrays.stream(books).map(Book::shown).toList();
  }

  private void commit(long time, Book book) {
    library.committed(time, changes(book.id(), book));
  }

  private static Map<BookId, @Nullable Book> changes(BookId id, @Nullable Book after) {
    Map<BookId, @Nullable Book> changes = new TreeMap<>();
    changes.put(id, after);
    return changes;
  }

  private void answer(BookQuery query, long time, boolean isMore, Book... books) {
    List<String> results = new ArrayList<>();
    for (Book book : books) {
      results.add(book.shown());
    }
    library.answered(new Answer(query, time, 0, results, false, isMore, "a test"));
  }

  private void assertFound() {
    assertThat(library.anomalies()).hasSize(1);
  }

  private static Book book(int number, int rank) {
    return new Book(new BookId(0, number), "t0", rank, List.of(number), number);
  }

  private static BookQuery query(int offset, @Nullable Integer limit) {
    return new BookQuery(null, null, null, null, 1, Sorting.RANK, Shape.FULL, offset, limit);
  }
}

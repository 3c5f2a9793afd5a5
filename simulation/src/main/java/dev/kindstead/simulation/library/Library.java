package dev.kindstead.simulation.library;

import dev.kindstead.simulation.library.Book.BookId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All books through time, as their writers know them, and what queries answered. A commit whose
 * outcome is unknown may have taken effect or not, at a time that nobody knows: an answer must be
 * right for one of the two, and what was there at one time is there at all later ones.
 *
 * <p>Confined to one thread.
 */
public final class Library {
  private final Map<BookId, TreeMap<Long, Change>> known = new TreeMap<>();
  private final List<Open> open = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final Map<String, Integer> judged = new HashMap<>();
  private @Nullable Found found;
  private long lastCommitted;
  private long lastHeardOf;

  /** What a commit did to a book. */
  private record Change(@Nullable Book after) {}

  /**
   * A commit of unknown outcome.
   *
   * @param since a time at which it had certainly not taken effect
   */
  private record Open(long since, Map<BookId, Change> changes) {}

  /** All books at the end. */
  private record Found(long time, List<String> books) {}

  /**
   * What a query answered.
   *
   * @param time microseconds, of which the results are
   * @param notBefore what was acknowledged before the query was asked, so it must be in the answer;
   *     zero for a query that may be answered with what is old
   * @param results as {@link Book#shown} says them
   * @param isWhole whether all results were wanted, without offset and limit
   * @param isMore whether the product says that there are more; null when it says nothing
   * @param by what to say of it when it is wrong
   */
  public record Answer(
      BookQuery query,
      long time,
      long notBefore,
      List<String> results,
      boolean isWhole,
      @Nullable Boolean isMore,
      String by) {
    public Answer {
      results = List.copyOf(results);
    }
  }

  /** A commit was acknowledged; a null book is deleted. */
  public void committed(long time, Map<BookId, @Nullable Book> changes) {
    changes.forEach((id, after) ->
        known.computeIfAbsent(id, _ -> new TreeMap<>()).put(time, new Change(after)));
    lastCommitted = Math.max(lastCommitted, time);
    lastHeardOf = Math.max(lastHeardOf, time);
  }

  /**
   * Nobody knows what became of a commit, nor ever will; its books are not written again.
   *
   * @param since {@link #lastHeardOf} before it was sent: it comes after that, if ever
   */
  public void unknown(long since, Map<BookId, @Nullable Book> changes) {
    Map<BookId, Change> all = new TreeMap<>();
    changes.forEach((id, after) -> all.put(id, new Change(after)));
    open.add(new Open(since, all));
  }

  /** The latest timestamp of an acknowledged commit. */
  public long lastCommitted() {
    return lastCommitted;
  }

  /** The latest timestamp of anything that was acknowledged or read: what comes then is later. */
  public long lastHeardOf() {
    return lastHeardOf;
  }

  public void answered(Answer answer) {
    answers.add(answer);
    lastHeardOf = Math.max(lastHeardOf, answer.time());
  }

  /**
   * What is there once all is quiet, as {@link Book#shown} says it, by a strong read of everything.
   */
  public void found(long time, Collection<String> books) {
    found = new Found(time, List.copyOf(new TreeSet<>(books)));
  }

  /** How many answers were judged, by what was compared. */
  public Map<String, Integer> judged() {
    return judged;
  }

  /** All anomalies, one line each. */
  public List<String> anomalies() {
    List<String> anomalies = new ArrayList<>();
    List<Answer> byTime = new ArrayList<>(answers);
    byTime.sort(Comparator.comparingLong(Answer::time));
    var possible = OpenCommits.of(open.stream().map(Open::since).toList());
    for (Answer answer : byTime) {
      if (answer.time() < answer.notBefore()) {
        anomalies.add(
            "%s was read at %d, and a commit at %d had been acknowledged: %s"
                .formatted(answer.query(), answer.time(), answer.notBefore(), answer.by()));
      }
      if (possible.areTooMany()) {
        judged.merge("query not judged", 1, Integer::sum);
      } else {
        judge(answer, possible, anomalies);
      }
    }
    Found last = found;
    if (last != null) {
      judge(last, possible, anomalies);
    }
    return anomalies;
  }

  private void judge(Answer answer, OpenCommits possible, List<String> anomalies) {
    String why =
        switch (possible.saw(answer.time(), taken -> isRight(answer, taken))) {
          case RIGHT -> "";
          case RIGHT_AT_ANOTHER_TIME -> "; a commit of unknown outcome was there, and was not";
          case WRONG -> "; it is so whatever became of %d open commits".formatted(open.size());
        };
    if (why.isEmpty()) {
      boolean isEmpty = answer.results().isEmpty();
      judged.merge(isEmpty ? "empty answer judged" : "query judged", 1, Integer::sum);
      return;
    }
    anomalies.add(
        "%s at %d answered %s (more: %s) instead of %s: %s%s"
            .formatted(
                answer.query(),
                answer.time(),
                answer.results(),
                answer.isMore(),
                wanted(answer, answer.query().all(at(answer.time(), _ -> false))),
                answer.by(),
                why));
  }

  /** Whether it is what must be answered if of the open commits these had taken effect. */
  private boolean isRight(Answer answer, IntPredicate taken) {
    List<String> all = answer.query().all(at(answer.time(), taken));
    List<String> wanted = wanted(answer, all);
    boolean isMore = !answer.isWhole() && answer.query().offset() + wanted.size() < all.size();
    return wanted.equals(answer.results())
        && (answer.isMore() == null || answer.isMore() == isMore);
  }

  private static List<String> wanted(Answer answer, List<String> all) {
    return answer.isWhole() ? all : answer.query().cut(all);
  }

  /**
   * Each open commit is there as a whole or not at all, however many there are: no two are of the
   * same book.
   */
  private void judge(Found last, OpenCommits possible, List<String> anomalies) {
    if (last.time() < lastCommitted) {
      anomalies.add(
          "the last read of all books is of %d, and a commit at %d had been acknowledged"
              .formatted(last.time(), lastCommitted));
    }
    List<String> wanted = shown(at(last.time(), commit -> isThere(open.get(commit), last)));
    List<String> lost = wanted.stream().filter(book -> !last.books().contains(book)).toList();
    List<String> surplus = last.books().stream().filter(book -> !wanted.contains(book)).toList();
    lost.forEach(book -> anomalies.add("lost: book " + book + " is not there at the end"));
    surplus.forEach(book -> anomalies.add("undead: book " + book + " is there at the end"));
    if (lost.isEmpty() && surplus.isEmpty() && !possible.areTooMany()) {
      var seen = possible.saw(last.time(), taken -> shown(at(last.time(), taken)).equals(wanted));
      if (seen != OpenCommits.Sight.RIGHT) {
        anomalies.add("a commit of unknown outcome was there, and is not at the end: " + wanted);
      }
    }
    judged.merge("book judged at the end", last.books().size(), Integer::sum);
  }

  private static boolean isThere(Open commit, Found last) {
    return commit.changes().entrySet().stream()
        .allMatch(change -> {
          Book after = change.getValue().after();
          String id = change.getKey() + " ";
          return after == null
              ? last.books().stream().noneMatch(book -> book.startsWith(id))
              : last.books().contains(after.shown());
        });
  }

  private static List<String> shown(Collection<Book> books) {
    return books.stream().map(Book::shown).sorted().toList();
  }

  /** All books at a time, if of the open commits these had taken effect. */
  private Collection<Book> at(long time, IntPredicate taken) {
    Map<BookId, Change> state = new TreeMap<>();
    known.forEach((id, changes) -> {
      var last = changes.floorEntry(time);
      if (last != null) {
        state.put(id, last.getValue());
      }
    });
    for (int i = 0; i < open.size(); i++) {
      if (taken.test(i)) {
        state.putAll(open.get(i).changes());
      }
    }
    List<Book> books = new ArrayList<>();
    for (Change change : state.values()) {
      Book after = change.after();
      if (after != null) {
        books.add(after);
      }
    }
    return books;
  }
}

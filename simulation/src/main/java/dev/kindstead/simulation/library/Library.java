package dev.kindstead.simulation.library;

import dev.kindstead.simulation.library.Book.BookId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All books through time, as their writers know them, and what queries answered. A commit whose
 * outcome is unknown may have taken effect or not: an answer must be right for one of the two.
 *
 * <p>Confined to one thread.
 */
public final class Library {
  /** With more open commits an answer is not judged: each doubles what may be right. */
  private static final int OPEN_MAX = 6;

  private final Map<BookId, TreeMap<Long, Change>> known = new TreeMap<>();
  private final List<Map<BookId, Change>> open = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final Map<String, Integer> judged = new HashMap<>();
  private long lastCommitted;

  /** What a commit did to a book. */
  private record Change(@Nullable Book after) {}

  /**
   * What a query answered.
   *
   * @param time microseconds, of which the results are
   * @param results as {@link Book#shown} says them
   * @param isWhole whether all results were wanted, without offset and limit
   * @param isMore whether the product says that there are more; null when it says nothing
   * @param by what to say of it when it is wrong
   */
  public record Answer(
      BookQuery query,
      long time,
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
  }

  /** Nobody knows what became of a commit, nor ever will; its books are not written again. */
  public void unknown(Map<BookId, @Nullable Book> changes) {
    Map<BookId, Change> all = new TreeMap<>();
    changes.forEach((id, after) -> all.put(id, new Change(after)));
    open.add(all);
  }

  /** The latest timestamp of an acknowledged commit. */
  public long lastCommitted() {
    return lastCommitted;
  }

  public void answered(Answer answer) {
    answers.add(answer);
  }

  /** How many answers were judged, by what was compared. */
  public Map<String, Integer> judged() {
    return judged;
  }

  /** All anomalies, one line each. */
  public List<String> anomalies() {
    List<String> anomalies = new ArrayList<>();
    for (Answer answer : answers) {
      if (open.size() > OPEN_MAX) {
        judged.merge("query not judged", 1, Integer::sum);
      } else {
        judge(answer, anomalies);
      }
    }
    return anomalies;
  }

  private void judge(Answer answer, List<String> anomalies) {
    List<String> usual = List.of();
    for (int taken = 0; taken < 1 << open.size(); taken++) {
      List<String> all = answer.query().all(at(answer.time(), taken));
      List<String> wanted = answer.isWhole() ? all : answer.query().cut(all);
      boolean isMore = !answer.isWhole() && answer.query().offset() + wanted.size() < all.size();
      boolean knowsMore = answer.isMore() == null || answer.isMore() == isMore;
      if (wanted.equals(answer.results()) && knowsMore) {
        judged.merge(wanted.isEmpty() ? "empty answer judged" : "query judged", 1, Integer::sum);
        return;
      }
      usual = taken == 0 ? wanted : usual;
    }
    anomalies.add(
        "%s at %d answered %s (more: %s) instead of %s: %s"
            .formatted(
                answer.query(),
                answer.time(),
                answer.results(),
                answer.isMore(),
                usual,
                answer.by()));
  }

  /** All books at a time, if of the open commits these had taken effect. */
  private Collection<Book> at(long time, int taken) {
    Map<BookId, Change> state = new TreeMap<>();
    known.forEach((id, changes) -> {
      var last = changes.floorEntry(time);
      if (last != null) {
        state.put(id, last.getValue());
      }
    });
    for (int i = 0; i < open.size(); i++) {
      if ((taken & (1 << i)) != 0) {
        state.putAll(open.get(i));
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

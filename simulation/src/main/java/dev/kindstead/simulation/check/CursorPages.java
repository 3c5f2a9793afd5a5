package dev.kindstead.simulation.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A query that is read in pages, at one timestamp, has the results that it has at once. */
public final class CursorPages {
  private CursorPages() {}

  /**
   * @param atOnce the results of the whole query; no two are equal
   * @param pages each begins at the cursor where the one before ended
   */
  public static <T> List<String> anomalies(List<T> atOnce, List<List<T>> pages) {
    List<T> joined = pages.stream().flatMap(List::stream).toList();
    if (joined.equals(atOnce)) {
      return List.of();
    }
    List<String> anomalies = new ArrayList<>();
    Set<T> expected = new HashSet<>(atOnce);
    Set<T> seen = new HashSet<>();
    for (int page = 0; page < pages.size(); page++) {
      for (T result : pages.get(page)) {
        if (!seen.add(result)) {
          anomalies.add("again on page " + page + ": " + result);
        } else if (!expected.contains(result)) {
          anomalies.add("only on page " + page + ": " + result);
        }
      }
    }
    for (T result : atOnce) {
      if (!seen.contains(result)) {
        anomalies.add("on no page: " + result);
      }
    }
    if (anomalies.isEmpty()) {
      anomalies.add("another order: " + joined + " instead of " + atOnce);
    }
    return anomalies;
  }
}

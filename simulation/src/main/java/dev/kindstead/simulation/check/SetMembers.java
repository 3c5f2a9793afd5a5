package dev.kindstead.simulation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every acknowledged insert is there at the end, once; none that failed, and nothing that nobody
 * inserted. An unknown one may be there or not.
 */
public final class SetMembers {
  private SetMembers() {}

  /** An insert of an element that no other insert has. */
  public record Insert(long element, Outcome outcome) {}

  /**
   * @param found by one read after all inserts have ended; as it came, so that one that is there
   *     twice shows
   */
  public static List<String> anomalies(List<Insert> inserts, List<Long> found) {
    Map<Long, Outcome> outcomes = new HashMap<>();
    for (Insert insert : inserts) {
      if (outcomes.put(insert.element, insert.outcome) != null) {
        throw new IllegalArgumentException("element " + insert.element + " is not unique");
      }
    }
    List<String> anomalies = new ArrayList<>();
    Set<Long> seen = new TreeSet<>();
    for (long element : found) {
      Outcome outcome = outcomes.get(element);
      if (!seen.add(element)) {
        anomalies.add("duplicate: " + element);
      } else if (outcome == null) {
        anomalies.add("garbage: " + element + " was never inserted");
      } else if (outcome == Outcome.NOT_DONE) {
        anomalies.add("undead: " + element + ", whose insert failed, is there");
      }
    }
    for (Insert insert : inserts) {
      if (insert.outcome == Outcome.DONE && !seen.contains(insert.element)) {
        anomalies.add("lost: " + insert.element + ", whose insert was acknowledged, is missing");
      }
    }
    return anomalies;
  }
}

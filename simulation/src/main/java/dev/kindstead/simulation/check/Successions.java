package dev.kindstead.simulation.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Under each of several parents stands one entity: whoever inserts the next one, with an id that
 * the node chooses, deletes in the same commit the last one that is known. At the end the last one
 * stands, unless a later commit of unknown outcome has replaced it; one that was replaced does not;
 * and there are no more others than commits of unknown outcome, of whose ids nobody has heard.
 */
public final class Successions {
  private Successions() {}

  /**
   * An insert, and the deletion of the last one below the same parent that was acknowledged.
   *
   * @param id what the client was told; of no meaning unless it is done
   */
  public record Insert(String parent, Outcome outcome, long id) {}

  /**
   * @param inserts one after the other
   * @param found the ids below each parent by one read after all of them
   */
  public static List<String> anomalies(List<Insert> inserts, Map<String, Set<Long>> found) {
    Map<String, Line> lines = new TreeMap<>();
    inserts.forEach(each -> lines.computeIfAbsent(each.parent(), _ -> new Line()).add(each));
    List<String> anomalies = new ArrayList<>();
    Set<String> parents = new TreeSet<>(found.keySet());
    parents.addAll(lines.keySet());
    for (String parent : parents) {
      lines
          .getOrDefault(parent, new Line())
          .judge(found.getOrDefault(parent, Set.of()))
          .forEach(each -> anomalies.add("entities below " + parent + ": " + each));
    }
    return anomalies;
  }

  /** All that were inserted below one parent. */
  private static final class Line {
    private final Set<Long> replaced = new HashSet<>();

    /** Zero for none. */
    private long last;

    /** Inserts of unknown outcome before and after the last one. */
    private int openBefore;

    private int openAfter;

    void add(Insert insert) {
      switch (insert.outcome()) {
        case UNKNOWN -> openAfter++;
        case NOT_DONE -> {}
        case DONE -> {
          replaced.add(last);
          last = insert.id();
          openBefore += openAfter;
          openAfter = 0;
        }
      }
    }

    List<String> judge(Set<Long> found) {
      List<String> anomalies = new ArrayList<>();
      Set<Long> others = new TreeSet<>(found);
      boolean isReplaced = last != 0 && !others.remove(last);
      for (long id : found) {
        if (id != last && replaced.contains(id)) {
          others.remove(id);
          anomalies.add("undead: %d was replaced, and is there".formatted(id));
        }
      }
      boolean mayBeReplaced = last == 0 || isReplaced;
      int most = openBefore + (mayBeReplaced ? openAfter : 0);
      if (isReplaced && openAfter == 0) {
        anomalies.add("lost: %d, whose insert was acknowledged, is missing".formatted(last));
      } else if (isReplaced && others.isEmpty()) {
        anomalies.add("lost: %d is missing, and so is what has replaced it".formatted(last));
      }
      if (others.size() > most) {
        anomalies.add(
            "undead: %s are there, by at most %d inserts that may have been done"
                .formatted(others, most));
      }
      return anomalies;
    }
  }
}

package dev.kindstead.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges the timestamps of acknowledged commits: no two share one, and they follow real time.
 * Confined to one thread.
 */
final class CommitTimes {
  private record Commit(String by, long invoked, long ended, long time) {}

  private final List<Commit> commits = new ArrayList<>();

  void committed(String by, long invoked, long ended, long time) {
    commits.add(new Commit(by, invoked, ended, time));
  }

  List<String> anomalies() {
    var anomalies = new ArrayList<String>();
    Map<Long, Commit> byTime = new HashMap<>();
    for (Commit commit : commits) {
      Commit other = byTime.putIfAbsent(commit.time(), commit);
      if (other != null) {
        anomalies.add("two commits at one time: " + other + " and " + commit);
      }
    }
    // Whoever was invoked after another had ended has the greater timestamp.
    List<Commit> byEnd = new ArrayList<>(commits);
    byEnd.sort(Comparator.comparingLong(Commit::ended));
    commits.sort(Comparator.comparingLong(Commit::invoked));
    Commit greatest = null;
    int ended = 0;
    for (Commit commit : commits) {
      for (; ended < byEnd.size() && byEnd.get(ended).ended() < commit.invoked(); ended++) {
        if (greatest == null || byEnd.get(ended).time() > greatest.time()) {
          greatest = byEnd.get(ended);
        }
      }
      if (greatest != null && greatest.time() >= commit.time()) {
        anomalies.add("timestamps against real time: " + greatest + ", then " + commit);
      }
    }
    return anomalies;
  }
}

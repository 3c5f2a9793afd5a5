package dev.kindstead.admission;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: the databases by turns, however many calls each has waiting (start-time fair
 * queueing: Goyal, Vin, Cheng, 1996, with one cost for all). Within a database the oldest is next.
 *
 * <p>Confined to its gate's lock.
 *
 * @param <T> what waits
 */
final class FairQueue<T> {
  /** A database with calls that wait. */
  private final class Line implements Comparable<Line> {
    private final String database;
    private final LinkedHashSet<T> calls = new LinkedHashSet<>();
    private long turn;

    Line(String database, long turn) {
      this.database = database;
      this.turn = turn;
    }

    @Override
    public int compareTo(Line other) {
      return Long.compare(turn, other.turn);
    }
  }

  private final Map<String, Line> lines = new HashMap<>();
  private final PriorityQueue<Line> next = new PriorityQueue<>();

  /** Turns that have been taken by whoever took the most. */
  private long now;

  private int size;

  int size() {
    return size;
  }

  void add(String database, T call) {
    Line line = lines.get(database);
    if (line == null) {
      line = new Line(database, now);
      lines.put(database, line);
      next.add(line);
    }
    line.calls.add(call);
    size++;
  }

  /** Takes the next one, null when there is none. */
  @Nullable T poll() {
    Line line = next.poll();
    if (line == null) {
      return null;
    }
    T call = line.calls.removeFirst();
    size--;
    now = line.turn;
    line.turn++;
    if (line.calls.isEmpty()) {
      lines.remove(line.database);
    } else {
      next.add(line);
    }
    return call;
  }

  /** Whether it was waiting. */
  boolean remove(String database, T call) {
    Line line = lines.get(database);
    if (line == null || !line.calls.remove(call)) {
      return false;
    }
    size--;
    if (line.calls.isEmpty()) {
      lines.remove(database);
      next.remove(line);
    }
    return true;
  }
}

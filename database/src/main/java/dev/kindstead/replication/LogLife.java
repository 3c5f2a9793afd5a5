package dev.kindstead.replication;

import java.util.List;

/**
 * What a replica's log and its reader told each other, from a start until the process ended or the
 * log was closed. Immutable.
 *
 * @param number among the lives of this replica, rising
 * @param isWhole whether nothing is missing at the end; otherwise anything may have followed
 */
public record LogLife(
    String group, String nodeId, int number, boolean isWhole, List<LogEvent> events) {
  public LogLife {
    events = List.copyOf(events);
  }

  @Override
  public String toString() {
    return "%s, %s in life %d".formatted(group, nodeId, number);
  }
}

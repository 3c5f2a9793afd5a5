package dev.kindstead.replication;

import java.util.List;

/**
 * What one proposal holds: many commands that take effect together (group commit).
 *
 * @param term in which its leader proposed it
 * @param sequence its place among the entries of its term, from 1; a gap is never applied
 */
public record Entry(long term, long sequence, List<Command> commands) {
  public static final long SEQUENCE_FIRST = 1;

  public Entry {
    commands = List.copyOf(commands);
  }
}

package dev.kindstead.replication;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The nodes that have a replica of a group, and a vote. Immutable.
 *
 * @param voters whose majority agrees on entries
 */
public record Members(SortedSet<String> voters) {
  public static final Members NOBODY = of(new TreeSet<>());

  public static Members of(Collection<String> voters) {
    return new Members(Collections.unmodifiableSortedSet(new TreeSet<>(voters)));
  }

  /** Others are members, too. */
  public Members with(Collection<String> nodeIds) {
    var voting = new TreeSet<>(voters);
    voting.addAll(nodeIds);
    return of(voting);
  }

  /** Some are members no more. */
  public Members without(Collection<String> nodeIds) {
    var voting = new TreeSet<>(voters);
    voting.removeAll(nodeIds);
    return of(voting);
  }
}

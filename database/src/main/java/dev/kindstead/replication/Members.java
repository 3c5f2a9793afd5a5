package dev.kindstead.replication;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The nodes that have a replica of a group. Immutable.
 *
 * @param voters whose majority agrees on entries
 * @param learners that only follow; none of them is a voter
 */
public record Members(SortedSet<String> voters, SortedSet<String> learners) {
  public static final Members NOBODY = of(new TreeSet<>(), new TreeSet<>());

  public static Members of(Collection<String> voters, Collection<String> learners) {
    var voting = new TreeSet<>(voters);
    var following = new TreeSet<>(learners);
    following.removeAll(voting);
    return new Members(
        Collections.unmodifiableSortedSet(voting), Collections.unmodifiableSortedSet(following));
  }

  public boolean contains(String nodeId) {
    return voters.contains(nodeId) || learners.contains(nodeId);
  }

  /** A node begins to follow. */
  public Members withLearner(String nodeId) {
    var following = new TreeSet<>(learners);
    following.add(nodeId);
    return of(voters, following);
  }

  /** Learners get a vote, all at once. */
  public Members withVoters(Collection<String> nodeIds) {
    var voting = new TreeSet<>(voters);
    voting.addAll(nodeIds);
    return of(voting, learners);
  }
}

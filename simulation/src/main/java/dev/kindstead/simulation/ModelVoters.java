package dev.kindstead.simulation;

import dev.kindstead.replication.Members;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who votes: while a change goes on, a majority of those before and of those after is needed.
 * Immutable.
 *
 * @param before the same as after, unless a change goes on
 */
record ModelVoters(Members before, Members after) {
  /** Of a replica that knows nobody, and waits to be taken in. */
  static final ModelVoters NOBODY = of(Members.NOBODY);

  static ModelVoters of(Members members) {
    return new ModelVoters(members, members);
  }

  boolean isJoint() {
    return !before.equals(after);
  }

  /** Everybody who votes in one of the two. */
  Set<String> all() {
    Set<String> all = new TreeSet<>(before.voters());
    all.addAll(after.voters());
    return all;
  }

  boolean isMajority(Collection<String> nodeIds) {
    return isMajority(before, nodeIds) && isMajority(after, nodeIds);
  }

  private static boolean isMajority(Members members, Collection<String> nodeIds) {
    long count = members.voters().stream().filter(nodeIds::contains).count();
    return 2 * count > members.voters().size();
  }
}

package dev.kindstead.replication;

import java.util.List;

/**
 * How a replica stands in its group, as it knows itself. Immutable.
 *
 * @param leader the leading node's id, empty when this replica knows of none
 * @param term the latest this replica has led or followed in, or a later one that it has heard of
 * @param committedLogIndex what this replica knows to be agreed on; the leader knows first
 * @param lastLogIndex of the last entry in this replica's log
 * @param voters ids of the nodes that agree on entries, as far as this replica's log says
 */
public record ReplicaStatus(
    Role role,
    String leader,
    long term,
    long appliedLogIndex,
    long committedLogIndex,
    long lastLogIndex,
    List<String> voters) {

  /** What a replica does in its group. */
  public enum Role {
    LEADS,
    FOLLOWS,
    /** It knows of no leader. */
    LEADERLESS,
    /** It has failed, or was closed: it takes no part any more. */
    STOPPED
  }

  /** Of a log that says nothing. */
  static final ReplicaStatus UNKNOWN =
      new ReplicaStatus(Role.LEADERLESS, "", 0, 0, 0, 0, List.of());

  public ReplicaStatus {
    voters = List.copyOf(voters);
  }
}

package dev.kindstead.replication;

import com.alipay.sofa.jraft.entity.PeerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a group and who has a vote, as one replica knows. Event loops and timers ask, so it
 * does not wait: while JRaft's lock is held, as for the sync of a vote, it tells what the replica
 * has heard last. All of it is hearsay, with the lock or without: who leads is asked itself, and a
 * change of members is made under the lock.
 *
 * <p>Thread-safe.
 */
final class RaftStanding {
  private final RaftNode node;
  private final RaftStateMachine machine;
  private volatile @Nullable Seen<Members> members;
  private volatile @Nullable Seen<Set<String>> answering;
  private volatile Positions positions = new Positions(0, 0, 0);

  /** What a leader knew in a term. */
  private record Seen<T>(long term, T value) {
    static <T> T in(long term, @Nullable Seen<T> seen, T otherwise) {
      return seen != null && seen.term == term && term > 0 ? seen.value : otherwise;
    }
  }

  /** How far a replica is. */
  private record Positions(long applied, long committed, long last) {}

  RaftStanding(RaftNode node, RaftStateMachine machine) {
    this.node = node;
    this.machine = machine;
  }

  Optional<String> leader() {
    String leader = node.unlessLocked(this::leaderNow, machine::leader);
    return leader.isEmpty() ? Optional.empty() : Optional.of(leader);
  }

  private String leaderNow() {
    PeerId leader = node.getLeaderId();
    return leader == null || leader.isEmpty() ? "" : RaftNetwork.nodeId(leader);
  }

  Members members() {
    return node.unlessLocked(
        this::membersNow, () -> Seen.in(machine.leaderTerm(), members, machine.members()));
  }

  /** JRaft tells a leader only, and all others by an exception; the lock keeps it from changing. */
  private Members membersNow() {
    if (!node.isLeader(false)) {
      return machine.members();
    }
    var now = Members.of(nodeIds(node.listPeers()));
    members = new Seen<>(machine.leaderTerm(), now);
    return now;
  }

  Set<String> answering() {
    return node.unlessLocked(
        this::answeringNow, () -> Seen.in(machine.leaderTerm(), answering, Set.of()));
  }

  /** As {@link #membersNow}. */
  private Set<String> answeringNow() {
    if (!node.isLeader(false)) {
      return Set.of();
    }
    var now = Set.copyOf(nodeIds(node.listAlivePeers()));
    answering = new Seen<>(machine.leaderTerm(), now);
    return now;
  }

  /**
   * @param closed whether this replica is being stopped
   */
  ReplicaStatus status(boolean closed) {
    String leader = closed ? "" : leader().orElse("");
    List<String> voters = List.copyOf(members().voters());
    try {
      Positions at = node.unlessLocked(this::positionsNow, () -> positions);
      long applied = Math.max(at.applied, machine.appliedLogIndex());
      return new ReplicaStatus(
          role(closed, leader),
          leader,
          machine.knownTerm(),
          applied,
          Math.max(at.committed, applied),
          Math.max(at.last, applied),
          voters);
    } catch (IllegalStateException inactive) {
      long applied = machine.appliedLogIndex();
      return new ReplicaStatus(
          ReplicaStatus.Role.STOPPED, "", machine.knownTerm(), applied, applied, applied, voters);
    }
  }

  private Positions positionsNow() {
    var now =
        new Positions(
            node.getLastAppliedLogIndex(), node.getLastCommittedIndex(), node.getLastLogIndex());
    positions = now;
    return now;
  }

  private ReplicaStatus.Role role(boolean closed, String leader) {
    if (closed || machine.isFailed()) {
      return ReplicaStatus.Role.STOPPED;
    }
    if (machine.leaderTerm() > 0) {
      return ReplicaStatus.Role.LEADS;
    }
    return leader.isEmpty() ? ReplicaStatus.Role.LEADERLESS : ReplicaStatus.Role.FOLLOWS;
  }

  private static List<String> nodeIds(List<PeerId> peers) {
    return peers.stream().map(RaftNetwork::nodeId).toList();
  }
}

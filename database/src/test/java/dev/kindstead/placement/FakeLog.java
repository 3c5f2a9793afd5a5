package dev.kindstead.placement;

import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.replication.ReplicatedLog.OutcomeListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A group whose leader and members a test sets; changes wait until the test ends them. */
final class FakeLog implements ReplicatedLog {
  /** A change that was asked for. */
  record Change(Members next, Consumer<String> done) {}

  private final List<Change> changes = new ArrayList<>();
  private final List<String> transfers = new ArrayList<>();
  private Set<String> answering = Set.of();
  private Members members;
  private boolean resigned;
  private String leader;

  FakeLog(String leader, Members members) {
    this.leader = leader;
    this.members = members;
  }

  void lead(String nodeId) {
    leader = nodeId;
  }

  void answer(String... voters) {
    answering = Set.of(voters);
  }

  @Override
  public Set<String> answering() {
    return answering;
  }

  List<String> transfers() {
    return transfers;
  }

  List<Members> asked() {
    return changes.stream().map(Change::next).toList();
  }

  /** Ends the oldest change. */
  void end(String failure) {
    Change change = changes.removeFirst();
    if (failure.isEmpty()) {
      members = change.next();
    }
    change.done().accept(failure);
  }

  @Override
  public Optional<String> leader() {
    return leader.isEmpty() ? Optional.empty() : Optional.of(leader);
  }

  @Override
  public Members members() {
    return members;
  }

  @Override
  public void changeMembers(Members next, Consumer<String> done) {
    changes.add(new Change(next, done));
  }

  @Override
  public void transferLeadership(String nodeId) {
    transfers.add(nodeId);
  }

  /** Whether this was asked since the last time that another one lead. */
  boolean resigned() {
    boolean was = resigned;
    resigned = false;
    return was;
  }

  @Override
  public void resignLeadership() {
    resigned = true;
  }

  @Override
  public void start(LogReader reader) {
    throw new UnsupportedOperationException("not asked here");
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    throw new UnsupportedOperationException("not asked here");
  }

  @Override
  public void readBarrier(BarrierListener done) {
    throw new UnsupportedOperationException("not asked here");
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    throw new UnsupportedOperationException("not asked here");
  }

  @Override
  public void close() {}
}

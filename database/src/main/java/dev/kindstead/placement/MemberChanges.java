package dev.kindstead.placement;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes which nodes have replicas, on the node that serves. The system group goes first and is
 * what the shards follow, so that a change that was interrupted is finished by whoever serves next.
 *
 * <p>A lone voter is joined by two nodes in one step, which the engine lets catch up first: there
 * are never two voters, of which the loss of either would stop everything. Further nodes follow as
 * learners: spares.
 *
 * <p>Thread-safe; one change of a group at a time.
 */
public final class MemberChanges implements AutoCloseable {
  /** Voters that a cluster grows to by itself. */
  public static final int VOTERS = 3;

  private static final Duration PERIOD = Duration.ofMillis(300);
  private static final Logger LOG = LoggerFactory.getLogger(MemberChanges.class);

  private final ReplicatedLog system;
  private final List<ReplicatedLog> shards;
  private final BooleanSupplier serving;
  private final Runnable expectOthers;
  private final Timers timers;
  private final List<String> joining = new ArrayList<>();
  private boolean busy;
  private boolean closed;

  /**
   * @param serving whether this node does
   * @param expectOthers to be run before others get a vote for the first time
   */
  public MemberChanges(
      ReplicatedLog system,
      List<ReplicatedLog> shards,
      BooleanSupplier serving,
      Runnable expectOthers,
      Timers timers) {
    this.system = system;
    this.shards = List.copyOf(shards);
    this.serving = serving;
    this.expectOthers = expectOthers;
    this.timers = timers;
  }

  public void start() {
    timers.schedule(PERIOD, this::look);
  }

  /** Has a node follow from soon on; repeated, it does no harm. */
  public synchronized void admit(String nodeId) {
    if (!system.members().contains(nodeId) && !joining.contains(nodeId)) {
      joining.add(nodeId);
    }
  }

  private void look() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (!busy && serving.getAsBoolean()) {
        changeNext();
      }
    }
    start();
  }

  private void changeNext() {
    Members now = system.members();
    joining.removeIf(now::contains);
    int missing = VOTERS - now.voters().size();
    if (missing <= 0 && !joining.isEmpty()) {
      change(system, now.withLearner(joining.getFirst()));
      return;
    }
    if (missing > 0 && joining.size() >= missing) {
      if (now.voters().size() == 1) {
        expectOthers.run();
      }
      change(system, now.withVoters(List.copyOf(joining.subList(0, missing))));
      return;
    }
    for (ReplicatedLog shard : shards) {
      boolean ledHere = shard.leader().equals(system.leader());
      if (ledHere && !shard.members().equals(now)) {
        change(shard, now);
        return;
      }
    }
  }

  private void change(ReplicatedLog log, Members next) {
    busy = true;
    log.changeMembers(next, failure -> ended(log, next, failure));
  }

  private synchronized void ended(ReplicatedLog log, Members next, String failure) {
    busy = false;
    if (failure.isEmpty()) {
      if (log == system) {
        LOG.info("voters are now {}, learners {}", next.voters(), next.learners());
      }
    } else {
      LOG.info("the change to voters {} is tried again: {}", next.voters(), failure);
      Members now = log.members();
      if (log == system && !now.equals(Members.NOBODY)) {
        // Whoever was to be promoted may not even follow any more.
        Stream.concat(next.voters().stream(), next.learners().stream())
            .filter(id -> !now.contains(id) && !joining.contains(id))
            .forEach(joining::add);
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}

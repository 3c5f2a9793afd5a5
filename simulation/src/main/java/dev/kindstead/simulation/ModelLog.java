package dev.kindstead.simulation;

import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.simulation.ModelDisk.Damage;
import dev.kindstead.simulation.ModelMessage.Answer;
import dev.kindstead.simulation.ModelMessage.Append;
import dev.kindstead.simulation.ModelMessage.Beat;
import dev.kindstead.simulation.ModelMessage.Checkpoint;
import dev.kindstead.simulation.ModelMessage.TakeOver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One replica's log as nasty as the seam's contract allows, and nastier than any engine: it deposes
 * its leader at any event, goes on believing that it leads, leaves proposals UNKNOWN of which some
 * are agreed on all the same, commits the same bytes twice, applies late and in batches of any
 * size, and cuts history.
 *
 * <p>Below the door it is Raft, but that {@link ModelGroup} counts votes at one instant: {@link
 * ModelDisk} is what survives, {@link ModelJournal} what is done with entries, {@link Following}
 * and {@link Leadership} what a replica does as the one or the other. Its calls of the reader come
 * in JRaft's order.
 *
 * <p>Confined to the scheduler's thread. After its process has died it never calls anybody again.
 */
public final class ModelLog implements ReplicatedLog {
  /** As the product's engine is set: decision 3. */
  static final Duration ELECTION_MIN = Duration.ofMillis(500);

  private static final Duration FLUSHING_MAX = Duration.ofMillis(8);

  /** After one proposal in so many, its leader is deposed; a lonely one leads again soon. */
  private static final int DEPOSED_IN = 250;

  private static final int LONELY_DEPOSED_IN = 75;

  private final ModelGroup group;
  private final ModelSite site;
  private final Boot boot;
  private final Machine machine;
  private final ModelDisk disk;
  private boolean nasty;
  private boolean expectsOthers;
  private @Nullable LogReader reader;
  private @Nullable ModelJournal journal;
  private @Nullable Following following;
  private @Nullable Leadership leading;
  private boolean stopped;
  private boolean failed;

  public ModelLog(ModelGroup group, ModelSite site) {
    this.group = group;
    this.site = site;
    boot = site.boot();
    machine = boot.machine();
    nasty = site.nasty();
    disk = group.disk(nodeId());
  }

  @Override
  public void start(LogReader replica) {
    if (reader != null) {
      throw new IllegalStateException("started twice");
    }
    if (replica.appliedLogIndex() > disk.lastLogIndex()) {
      throw new IllegalStateException(
          "%s, %s: the store has entry %d, the log ends with %d"
              .formatted(group.name(), nodeId(), replica.appliedLogIndex(), disk.lastLogIndex()));
    }
    reader = replica;
    journal = new ModelJournal(this, disk, replica);
    following = new Following(this, journal, replica);
    group.started(this);
    boot.atDeath(this::died);
    following.begin();
  }

  /**
   * Stands for election.
   *
   * @param disruptive although others may hear a leader
   */
  void tryToLead(boolean disruptive) {
    long term = leading == null ? group.elect(this, disruptive) : 0;
    if (term != 0) {
      following().lead();
      var mine = new Leadership(this, journal(), reader(), term);
      leading = mine;
      mine.begin();
    }
  }

  /** Stands for election although there may be a leader, as no engine would. */
  void usurp() {
    if (!stopped) {
      tryToLead(true);
    }
  }

  /** As a leader it is slow to notice that nobody answers any more, if it leads now. */
  void believe(Duration atLeast) {
    Leadership mine = leading;
    if (mine != null && nasty) {
      mine.believe(atLeast);
    }
  }

  /** Whether it answers no candidate, for there is a leader. */
  boolean hearsLeader() {
    return leading != null ? leading.hearsMajority(Duration.ZERO) : following().hearsLeader();
  }

  boolean believesToLead() {
    return leading != null;
  }

  /** Whether it could answer a candidate at this moment. */
  boolean answers(ModelLog candidate) {
    return !stopped
        && boot.isRunning()
        && (candidate == this || site.links().isWhole(nodeId(), candidate.nodeId()));
  }

  /** Promises a term to a candidate. */
  void vote(long term) {
    disk.promise(term);
    boot.soon(this::stepDownIfOver);
  }

  /** As a leader does once it knows of a later term: by a message, or its own vote. */
  private void stepDownIfOver() {
    Leadership mine = leading;
    if (mine != null && disk.term() > mine.term()) {
      stepDown();
    }
  }

  private void receive(ModelMessage message) {
    if (stopped || reader == null) {
      return;
    }
    disk.promise(message.term());
    stepDownIfOver();
    switch (message) {
      case Beat beat -> following().hear(beat);
      case Append append -> following().take(append);
      case Checkpoint checkpoint -> following().copy(checkpoint);
      case Answer answer -> {
        if (leading != null) {
          leading.hear(answer);
        }
      }
      case TakeOver order -> {
        if (order.term() == disk.term()) {
          tryToLead(true);
        }
      }
    }
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    Leadership mine = leading;
    if (stopped || mine == null) {
      listener.ended(Outcome.NOT_APPLIED);
      return;
    }
    mine.propose(entry, listener);
    if (nasty && site.random().nextInt(isAlone() ? LONELY_DEPOSED_IN : DEPOSED_IN) == 0) {
      boot.soon(() -> {
        if (leading == mine) {
          stepDown();
        }
      });
    }
  }

  /**
   * Ends this term here. Some of the open proposals survive into the next one, where they have
   * reached whoever leads in it; this replica can't tell which.
   */
  void stepDown() {
    Leadership mine = leading;
    if (mine == null) {
      return;
    }
    group.tell(nodeId(), "steps down in term " + mine.term());
    leading = null;
    mine.end();
    List<OutcomeListener> orphans = journal().takeOpen();
    boolean outcomesFirst = site.random().nextBoolean();
    if (outcomesFirst) {
      orphans.forEach(orphan -> orphan.ended(Outcome.UNKNOWN));
    }
    if (mine.isTold()) {
      reader().leaderStopped(mine.term());
    }
    if (!outcomesFirst) {
      orphans.forEach(orphan -> orphan.ended(Outcome.UNKNOWN));
    }
    if (isAlone()) {
      long open = disk.lastLogIndex() - journal().commitLogIndex();
      disk.truncateAfter(journal().commitLogIndex() + site.random().nextLong(open + 1));
    }
    following().begin();
  }

  /**
   * A sync has failed, so nobody knows what of it is on the disk. It is never tried again (rule
   * 12): this replica has stopped for good, with its process going on.
   *
   * @return false where a planted fault ignores it
   */
  boolean failedSync() {
    if (site.plant() == Plant.DISK_ERROR_IGNORED) {
      disk.lieFromHere();
      return false;
    }
    group.hit("replica stopped by its disk");
    group.tell(nodeId(), "stops: its disk has failed");
    failed = true;
    boot.readsMayWait(); // for rows of others
    boolean tellsFirst = site.random().nextBoolean();
    var cause = new IOException("a simulated sync has failed");
    if (tellsFirst) {
      reader().failed(cause);
    }
    end();
    if (!tellsFirst) {
      reader().failed(cause);
    }
    return true;
  }

  @Override
  public void fail(Throwable cause) {
    if (!failed && !stopped) {
      failed = true;
      boot.readsMayWait();
      end();
      reader().failed(cause);
    }
  }

  boolean hasStopped() {
    return stopped;
  }

  /** Whether it has stopped because of its disk. */
  boolean hasFailed() {
    return failed;
  }

  /** More of the log is on the own disk. */
  void synced() {
    if (leading != null) {
      leading.countAgreed();
    }
  }

  /** More of the log is applied. */
  void applied() {
    if (leading != null) {
      leading.startIfReady();
    }
  }

  @Override
  public void transferLeadership(String nodeId) {
    if (leading != null) {
      leading.transfer(nodeId);
    }
  }

  @Override
  public void resignLeadership() {
    if (leading != null) {
      leading.transfer(leading.furthest());
    }
  }

  @Override
  public void tellCommitted() {
    if (leading != null) {
      leading.tellCommitted();
    }
  }

  @Override
  public void readBarrier(BarrierListener done) {
    new ModelBarrier(this, group.running(leader().orElse("")), done).begin();
  }

  /** Whether it leads and has heard a majority since a time by its own clock. */
  boolean hasHeardMajority(long sinceNanos) {
    return leading != null && leading.isTold() && leading.hasHeardMajority(sinceNanos);
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    if (stopped || reader == null || site.plant() == Plant.ACKNOWLEDGED_BEFORE_A_MAJORITY) {
      done.run(); // what is not agreed on must not be cut
      return;
    }
    boot.schedule(
        site.some(FLUSHING_MAX).plus(site.hardware().syncTakes(site.random())),
        () -> {
          if (!stopped) {
            site.flushStore().run();
            disk.cut(Math.min(reader().appliedLogIndex(), journal().appliedLogIndex()));
          }
          done.run();
        });
  }

  @Override
  public boolean isAlone() {
    Set<String> itself = Set.of(nodeId());
    return !expectsOthers
        && disk.voters().all().equals(itself)
        && disk.votersAt(journal == null ? 0 : journal.commitLogIndex()).all().equals(itself);
  }

  @Override
  public Optional<String> leader() {
    String leader = stopped || following == null ? "" : following.leader();
    return leader.isEmpty() ? Optional.empty() : Optional.of(leader);
  }

  @Override
  public void expectMembers() {
    expectsOthers = true;
  }

  /** Those that were expected have a vote: from here on the log says who is alone. */
  void othersVote() {
    expectsOthers = false;
  }

  @Override
  public boolean isMember() {
    return agreedMembers().voters().contains(nodeId());
  }

  @Override
  public boolean hasMember(String nodeId) {
    return members().voters().contains(nodeId) || agreedMembers().voters().contains(nodeId);
  }

  /** As the engine does: a leader by its log, who follows by what is agreed on. */
  @Override
  public Members members() {
    return leading == null ? agreedMembers() : disk.voters().after();
  }

  /** Also of the middle of a change, as soon as that is agreed on. */
  private Members agreedMembers() {
    return disk.votersAt(journal == null ? 0 : journal.appliedLogIndex()).after();
  }

  @Override
  public void changeMembers(Members next, Consumer<String> done) {
    Leadership mine = leading;
    if (stopped || mine == null) {
      done.accept("this replica does not lead");
    } else {
      mine.changeMembers(next, done);
    }
  }

  @Override
  public Set<String> answering() {
    if (leading == null) {
      return Set.of();
    }
    Set<String> voters = new TreeSet<>(members().voters());
    List<String> heard = leading.heard(ELECTION_MIN);
    voters.removeIf(id -> !id.equals(nodeId()) && !heard.contains(id));
    return voters;
  }

  @Override
  public long quietNanos() {
    if (site.plant() == Plant.LEASE_NOT_WAITED_OUT) {
      return Duration.ofHours(1).toNanos();
    }
    if (journal == null) {
      return 0;
    }
    long quiet = site.nowNanos() - journal.lastEntryNanos();
    group.hit(quiet < ELECTION_MIN.toNanos() ? "lease waited out" : "lease long over");
    return quiet;
  }

  @Override
  public ReplicaStatus status() {
    if (journal == null) {
      return new ReplicaStatus(Role.LEADERLESS, "", 0, 0, 0, 0, List.of());
    }
    String leader = leader().orElse("");
    Role role = leader.isEmpty() ? Role.LEADERLESS : Role.FOLLOWS;
    if (leading != null && leading.isTold()) {
      role = Role.LEADS;
    }
    return new ReplicaStatus(
        stopped ? Role.STOPPED : role,
        leader,
        disk.term(),
        journal.appliedLogIndex(),
        journal.commitLogIndex(),
        disk.lastLogIndex(),
        List.copyOf(members().voters()));
  }

  @Override
  public void close() {
    if (stopped || journal == null) {
      stopped = true;
      return;
    }
    end();
    disk.crash(site.random());
  }

  private void end() {
    Leadership mine = leading;
    stopped = true;
    leading = null;
    group.stopped(this);
    journal().takeOpen().forEach(listener -> listener.ended(Outcome.UNKNOWN));
    if (mine != null) {
      mine.end();
      if (mine.isTold()) {
        reader().leaderStopped(mine.term());
      }
    }
  }

  /** Nobody is told anything. */
  private void died() {
    if (!stopped) {
      stopped = true;
      leading = null;
      group.stopped(this);
      if (journal().commitLogIndex() > disk.syncedLogIndex()) {
        group.hit("power lost before the own sync");
      }
      disk.crash(site.random()).forEach(damage -> group.hit(probe(damage)));
    } else if (failed) {
      disk.crash(site.random());
    }
  }

  private static String probe(Damage damage) {
    return switch (damage) {
      case LOST -> "entries lost with the power";
      case TORN -> "entry torn by a power cut";
      case REORDERED -> "entries reordered by a power cut";
    };
  }

  /** From now on it only delays. */
  public void heal() {
    nasty = false;
  }

  void send(String to, ModelMessage message) {
    ModelLog target = group.running(to);
    if (target != null && !group.isDeaf(to, machine.scheduler().monotonicNanos())) {
      site.links().send(machine, target.machine, () -> target.receive(message));
    }
  }

  String nodeId() {
    return machine.nodeId();
  }

  ModelSite site() {
    return site;
  }

  ModelGroup group() {
    return group;
  }

  ModelDisk disk() {
    return disk;
  }

  boolean isNasty() {
    return nasty;
  }

  /** Whether this follower is late now. */
  boolean isLagging(int oneIn) {
    boolean follows = leading == null || site.plant() == Plant.LEADS_BEFORE_IT_HAS_APPLIED;
    return nasty && follows && site.random().nextInt(oneIn) == 0;
  }

  /** The last log index that is agreed on, as far as this replica knows. */
  long agreedLogIndex() {
    return journal().commitLogIndex();
  }

  long appliedLogIndex() {
    return journal().appliedLogIndex();
  }

  /** The last log index whose entry is in the store. */
  long storedLogIndex() {
    return journal().storedLogIndex();
  }

  void after(Duration delay, Runnable task) {
    boot.schedule(
        delay,
        () -> {
          if (!stopped) {
            task.run();
          }
        });
  }

  private Following following() {
    if (following == null) {
      throw new IllegalStateException("not started");
    }
    return following;
  }

  private ModelJournal journal() {
    if (journal == null) {
      throw new IllegalStateException("not started");
    }
    return journal;
  }

  private LogReader reader() {
    if (reader == null) {
      throw new IllegalStateException("not started");
    }
    return reader;
  }
}

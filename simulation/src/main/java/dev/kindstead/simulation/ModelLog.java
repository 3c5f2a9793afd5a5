package dev.kindstead.simulation;

import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.simulation.ModelMessage.Answer;
import dev.kindstead.simulation.ModelMessage.Append;
import dev.kindstead.simulation.ModelMessage.Beat;
import dev.kindstead.simulation.ModelMessage.Checkpoint;
import dev.kindstead.simulation.ModelMessage.TakeOver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica's log as nasty as the seam's contract allows, and nastier than any engine: it deposes
 * its leader at any event, goes on believing that it leads, leaves proposals UNKNOWN of which some
 * are agreed on all the same, commits the same bytes twice, applies late and in batches of any
 * size, and cuts history.
 *
 * <p>Below the door it is Raft, but that {@link ModelGroup} counts votes at one instant: {@link
 * ModelDisk} is what survives, {@link ModelJournal} what is done with entries, {@link Leadership} a
 * term in which this replica leads. Its calls of the reader come in JRaft's order.
 *
 * <p>Confined to the scheduler's thread. After its process has died it never calls anybody again.
 */
public final class ModelLog implements ReplicatedLog {
  /** As the product's engine is set: decision 3. */
  static final Duration ELECTION_MIN = Duration.ofMillis(500);

  private static final Duration ELECTION_SPREAD = Duration.ofMillis(200);
  private static final Duration VOTING_MAX = Duration.ofMillis(8);
  private static final Duration COPYING_MAX = Duration.ofMillis(400);
  private static final Duration FLUSHING_MAX = Duration.ofMillis(8);
  private static final Duration BARRIER_STEP = Duration.ofMillis(20);

  /** A log without other members has nobody to wait for, so its elections take any time. */
  private static final Duration LONELY_ELECTION_MAX = Duration.ofMillis(1_500);

  private static final int BARRIER_STEPS_MAX = 50;

  /** After one proposal in so many, its leader is deposed; a lonely one leads again soon. */
  private static final int DEPOSED_IN = 250;

  private static final int LONELY_DEPOSED_IN = 75;

  private final ModelGroup group;
  private final Site site;
  private final Boot boot;
  private final Machine machine;
  private final ModelDisk disk;
  private boolean nasty;
  private @Nullable LogReader reader;
  private @Nullable ModelJournal journal;
  private @Nullable Leadership leading;
  private boolean stopped;
  private String leader = "";
  private long heardNanos;

  /**
   * Where a replica's log runs.
   *
   * @param flushStore makes the replica's store durable, before the log is cut
   * @param checkpoints makes an empty directory for each
   * @param nasty false for a log that only delays
   */
  public record Site(
      Boot boot,
      Links links,
      RandomGenerator random,
      Runnable flushStore,
      Supplier<Path> checkpoints,
      boolean nasty,
      Plant plant) {}

  public ModelLog(ModelGroup group, Site site) {
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
    reader = replica;
    journal = new ModelJournal(this, disk, replica);
    group.started(this);
    boot.atDeath(this::died);
    awaitLeader();
  }

  /** Others must have been silent for an election timeout; then this one tries, again and again. */
  private void awaitLeader() {
    Duration patience =
        isAlone() ? some(LONELY_ELECTION_MAX) : ELECTION_MIN.plus(some(ELECTION_SPREAD));
    long since = heardNanos;
    after(
        patience,
        () -> {
          if (leading == null && heardNanos != since) {
            awaitLeader();
          } else if (leading == null) {
            leader = "";
            after(some(VOTING_MAX), this::standForElection);
          }
        });
  }

  private void standForElection() {
    if (leading == null && !hearsLeader()) {
      tryToLead(false);
    }
    if (leading == null) {
      awaitLeader();
    }
  }

  private void tryToLead(boolean disruptive) {
    long term = group.elect(this, disruptive);
    if (term != 0) {
      leader = nodeId();
      var mine = new Leadership(this, journal(), reader(), term);
      leading = mine;
      mine.begin();
    }
  }

  /** Stands for election although there may be a leader, as no engine would. */
  void usurp() {
    if (!stopped && leading == null) {
      tryToLead(true);
    }
  }

  /** Whether it answers no candidate, for there is a leader. */
  boolean hearsLeader() {
    return leading != null
        ? leading.hearsMajority(Duration.ZERO)
        : !leader.isEmpty() && nowNanos() - heardNanos < ELECTION_MIN.toNanos();
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
      case Beat beat -> {
        if (follows(beat)) {
          journal().agreed(Math.min(beat.commitLogIndex(), disk.lastLogIndex()));
          answer(beat, true, -1);
        }
      }
      case Append append -> {
        if (follows(append)) {
          take(append);
        }
      }
      case Checkpoint checkpoint -> {
        if (follows(checkpoint)) {
          after(some(COPYING_MAX), () -> load(checkpoint));
        }
      }
      case Answer answer -> {
        if (leading != null) {
          leading.hear(answer);
        }
      }
      case TakeOver order -> {
        if (order.term() == disk.term() && leading == null) {
          tryToLead(true);
        }
      }
    }
  }

  /** Whether a leader's message is of the latest term; the sender hears if not. */
  private boolean follows(ModelMessage message) {
    if (message.term() < disk.term()) {
      answer(message, false, 0);
      return false;
    }
    leader = message.from();
    heardNanos = nowNanos();
    return true;
  }

  private void answer(ModelMessage to, boolean matches, long logIndex) {
    send(to.from(), new Answer(nodeId(), disk.term(), matches, logIndex));
  }

  private void take(Append append) {
    if (!disk.matches(append.previousLogIndex(), append.previousTerm())) {
      answer(append, false, Math.max(journal().commitLogIndex(), disk.cutLogIndex()) + 1);
      return;
    }
    for (ModelEntry entry : append.entries()) {
      if (!disk.matches(entry.logIndex(), entry.term())) {
        if (entry.logIndex() <= disk.lastLogIndex()) {
          group.hit("entries replaced");
          disk.truncateAfter(entry.logIndex() - 1);
        }
        journal().append(entry);
      }
    }
    long last = append.previousLogIndex() + append.entries().size();
    journal()
        .awaitSync(
            last,
            () -> {
              if (disk.term() == append.term()) {
                journal().agreed(Math.min(append.commitLogIndex(), last));
                answer(append, true, last);
              }
            });
  }

  private void load(Checkpoint checkpoint) {
    if (checkpoint.term() != disk.term() || leading != null) {
      return;
    }
    if (reader().appliedLogIndex() < checkpoint.logIndex()) {
      group.hit("checkpoint loaded");
      reader().loadCheckpoint(checkpoint.directory());
      journal().loaded(checkpoint.logIndex(), checkpoint.logTerm());
    }
    answer(checkpoint, true, checkpoint.logIndex());
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
    if (nasty && random().nextInt(isAlone() ? LONELY_DEPOSED_IN : DEPOSED_IN) == 0) {
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
    leader = "";
    mine.end();
    List<OutcomeListener> orphans = journal().takeOpen();
    boolean outcomesFirst = random().nextBoolean();
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
      disk.truncateAfter(journal().commitLogIndex() + random().nextLong(open + 1));
    }
    awaitLeader();
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
  public void readBarrier(BarrierListener done) {
    awaitApplied(group.agreedLogIndex(), BARRIER_STEPS_MAX, done);
  }

  private void awaitApplied(long logIndex, int stepsLeft, BarrierListener done) {
    if (stopped || stepsLeft == 0) {
      done.ended(false);
    } else if (leading != null && leading.isTold() && journal().appliedLogIndex() >= logIndex) {
      done.ended(true);
    } else {
      after(some(BARRIER_STEP), () -> awaitApplied(logIndex, stepsLeft - 1, done));
    }
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    if (stopped) {
      done.run();
      return;
    }
    after(
        some(FLUSHING_MAX),
        () -> {
          site.flushStore().run();
          disk.cut(Math.min(reader().appliedLogIndex(), journal().appliedLogIndex()));
          done.run();
        });
  }

  @Override
  public boolean isAlone() {
    return group.voters().size() == 1;
  }

  @Override
  public Optional<String> leader() {
    return stopped || leader.isEmpty() ? Optional.empty() : Optional.of(leader);
  }

  @Override
  public Members members() {
    return Members.of(group.voters());
  }

  @Override
  public Set<String> answering() {
    return leading == null
        ? Set.of()
        : Members.of(leading.heard(ELECTION_MIN)).with(List.of(nodeId())).voters();
  }

  @Override
  public long quietNanos() {
    return site.plant() == Plant.LEASE_NOT_WAITED_OUT
        ? Duration.ofHours(1).toNanos()
        : nowNanos() - journal().lastEntryNanos();
  }

  @Override
  public ReplicaStatus status() {
    Role role = leader.isEmpty() ? Role.LEADERLESS : Role.FOLLOWS;
    if (leading != null && leading.isTold()) {
      role = Role.LEADS;
    }
    return new ReplicaStatus(
        stopped ? Role.STOPPED : role,
        leader,
        disk.term(),
        journal().appliedLogIndex(),
        journal().commitLogIndex(),
        disk.lastLogIndex(),
        group.voters());
  }

  @Override
  public void close() {
    if (stopped || journal == null) {
      stopped = true;
      return;
    }
    Leadership mine = leading;
    stopped = true;
    leading = null;
    group.stopped(this);
    journal.takeOpen().forEach(listener -> listener.ended(Outcome.UNKNOWN));
    if (mine != null) {
      mine.end();
      if (mine.isTold()) {
        reader().leaderStopped(mine.term());
      }
    }
    disk.crash(random());
  }

  /** Nobody is told anything. */
  private void died() {
    if (!stopped) {
      stopped = true;
      leading = null;
      group.stopped(this);
      disk.crash(random());
    }
  }

  /** From now on it only delays. */
  public void heal() {
    nasty = false;
  }

  void send(String to, ModelMessage message) {
    ModelLog target = group.running(to);
    if (target != null) {
      site.links().send(machine, target.machine, () -> target.receive(message));
    }
  }

  String nodeId() {
    return machine.nodeId();
  }

  ModelGroup group() {
    return group;
  }

  ModelDisk disk() {
    return disk;
  }

  RandomGenerator random() {
    return site.random();
  }

  Plant plant() {
    return site.plant();
  }

  Path checkpointDirectory() {
    return site.checkpoints().get();
  }

  boolean isNasty() {
    return nasty;
  }

  /** Whether this follower is late now. */
  boolean isLagging(int oneIn) {
    boolean follows = leading == null || site.plant() == Plant.LEADS_BEFORE_IT_HAS_APPLIED;
    return nasty && follows && random().nextInt(oneIn) == 0;
  }

  /** The last log index whose entry is in the store. */
  long storedLogIndex() {
    return journal().storedLogIndex();
  }

  long nowNanos() {
    return machine.monotonicNanos();
  }

  Duration some(Duration max) {
    return Duration.ofNanos(random().nextLong(max.toNanos()));
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

package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicaListener;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.replication.StoredState;
import dev.kindstead.replication.StoredState.Decision;
import dev.kindstead.storage.VersionedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The leader's side of one shard: its latches, locks, held parts and queue. It holds state and
 * routes; what is done is in the {@link Step}s.
 *
 * <p>Thread rule: {@link #submit}, {@link #store}, {@link #latches} and {@link #locks} from any
 * thread, the rest on the shard's executor.
 *
 * <p><b>Invariant.</b> Steps are begun one after the other, so on a shard the order of validation,
 * of timestamps and of the log agree (rule 2).
 */
final class Participant implements ReplicaListener {
  /** Between two announcements of what is committed. */
  private static final Duration TELLING_PAUSE = Duration.ofMillis(1);

  private final int shard;
  private final ShardWiring wiring;
  private final Clock clock;
  private final NodeTimestamps timestamps;
  private final Repeating announcing;
  private final Latches latches = new Latches();
  private final LockTable locks = new LockTable();
  private final MaintainedIndexes indexes = new MaintainedIndexes();
  private final Map<Bytes, Holder> deciding = new HashMap<>();
  private final Replica replica;
  private final Proposals proposals;
  private final GroupCommit queue;
  private final HeldParts held;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final HeldParts.InDoubt inDoubt;
  private final Consumer<Decision> decisions;
  private final Consumer<LockOwner> wounding;
  private final Duration commitsWithin;
  private final Consumer<Throwable> failure;
  private final Timers timers;
  private volatile long toldNanos;
  private volatile boolean readable;
  private volatile boolean leads;
  private volatile boolean stopped;
  private volatile boolean takenAway;

  /** Whether other nodes may ask for the shard. */
  private volatile boolean inCompany;

  /** In which this replica led last. */
  private volatile long term;

  /** Whether it has been elected and nothing says yet that it is not the leader any more. */
  private volatile boolean elected;

  /** The latest that the log has told of. */
  private volatile long latestTerm;

  /**
   * @param announcing tries again to announce that this replica leads
   * @param inDoubt told of each prepared transaction whose outcome nobody may be about to tell
   * @param decisions told of this shard's decisions that participants may not have heard of
   * @param wounding ends a transaction with all its locks
   * @param failure told when writes stop
   * @param commitsWithin how old a transaction can be that commits
   */
  Participant(
      int shard,
      ShardWiring wiring,
      NodeTimestamps timestamps,
      Repeating announcing,
      Clock clock,
      Timers timers,
      HeldParts.InDoubt inDoubt,
      Consumer<Decision> decisions,
      Consumer<LockOwner> wounding,
      Consumer<Throwable> failure,
      Duration commitsWithin) {
    this.shard = shard;
    this.commitsWithin = commitsWithin;
    this.wiring = wiring;
    this.timestamps = timestamps;
    this.announcing = announcing;
    this.clock = clock;
    this.timers = timers;
    this.inDoubt = inDoubt;
    this.decisions = decisions;
    this.wounding = wounding;
    this.failure = failure;
    replica = new Replica(wiring.store(), this);
    Executor executor = wiring.executor();
    proposals = new Proposals(wiring.log(), executor, replica, this::pump);
    queue =
        new GroupCommit(
            latches,
            proposals,
            timestamps,
            executor,
            clock,
            timers,
            wiring.store().store()::isBehind,
            this::broken);
    held = new HeldParts(latches, executor, clock, timers, queue::resubmit, () -> leads, inDoubt);
  }

  /** Ends when this replica leads and knows its in-doubt transactions. */
  CompletableFuture<Void> start() {
    wiring.log().start(replica);
    return started;
  }

  void close() {
    wiring.log().close();
  }

  /** See {@link dev.kindstead.replication.ReplicatedLog#expectMembers}. */
  void expectOthers() {
    wiring.log().expectMembers();
  }

  /** Other nodes have to hear who leads the shard, though no other may have a replica of it yet. */
  void joinCompany() {
    inCompany = true;
    if (leads) {
      wiring
          .executor()
          .execute(() -> {
            if (leads) {
              tellOthers();
            }
          });
    }
  }

  int shard() {
    return shard;
  }

  VersionedStore store() {
    return wiring.store();
  }

  Executor executor() {
    return wiring.executor();
  }

  Latches latches() {
    return latches;
  }

  LockTable locks() {
    return locks;
  }

  HeldParts held() {
    return held;
  }

  MaintainedIndexes indexes() {
    return indexes;
  }

  /**
   * Whether all that commits at or below a time is applied here, or latched.
   *
   * @param atLeast the latest term when the time was handed out
   */
  boolean isReadable(long atLeast) {
    return readable && term >= atLeast;
  }

  /**
   * Whether what happens to the shard's transactions is this node's to see to: until another one
   * has led. A hand-over that fails ends in the same term, and then nobody else has looked.
   */
  boolean isOurs() {
    return leads || wiring.log().isAlone() || latestTerm == term;
  }

  /** Whether writes have stopped for good on this replica. */
  boolean isStopped() {
    return stopped;
  }

  /**
   * Whether a read at a time has to wait for somebody.
   *
   * @param atLeast the term that this leader must have: an earlier one can't tell
   * @param keys of entities; none for all of the shard
   * @return opens the participant; NotServedException when this is not the leader to ask
   */
  Opening<Participant> passage(long micros, long atLeast, List<Bytes> keys) {
    if (!isReadable(atLeast)) {
      throw TransactionErrors.notLed();
    }
    Holder blocker = blockerAt(micros, keys);
    return blocker == null ? Opening.open(this) : Opening.blocked(blocker);
  }

  /**
   * What may yet commit at or below a timestamp. Where writes have stopped for good on a node that
   * is alone, what was in flight is seen by nobody before a restart, so reads go on before it; what
   * is prepared may be seen elsewhere.
   */
  private @Nullable Holder blockerAt(long micros, List<Bytes> keys) {
    boolean passesInFlight = stopped && wiring.log().isAlone();
    if (keys.isEmpty()) {
      return latches.blockerOfScan(micros, passesInFlight);
    }
    for (Bytes key : keys) {
      Holder holder = latches.holderOf(key);
      if (holder != null && holder.floor() <= micros && (!passesInFlight || holder.isIntent())) {
        return holder;
      }
    }
    return null;
  }

  /** Whether it leads, and may be asked. */
  boolean leads() {
    return leads;
  }

  /** The node that leads the shard, as far as this one knows. */
  Optional<String> leader() {
    return wiring.log().leader();
  }

  /** Whether this node has a replica that hears of what is committed. */
  boolean isFollowing() {
    return leads || leader().isPresent();
  }

  /**
   * Whether this node has a replica, and not one that is still being made. One that hears of nobody
   * knows only what it was told last, until the leader says that it was taken from here. One that
   * has stopped for good gets no further than it is, which serves where it is the only one.
   */
  boolean hasReplica() {
    return wiring.log().isMember() && !takenAway && !isLeftBehind();
  }

  private boolean isLeftBehind() {
    return stopped && !leads && !wiring.log().isAlone();
  }

  /** Whether the shard's leader does not count this node among those that have a replica. */
  void setTakenAway(boolean isTaken) {
    takenAway = isTaken;
  }

  /** Whether a node has a replica, by the word of this one. */
  boolean hasMember(String nodeId) {
    return wiring.log().hasMember(nodeId);
  }

  /**
   * Ends when this replica has applied a log entry, on the shard's executor; with false, on a
   * timer's thread, when it has not within the limit.
   */
  CompletableFuture<Boolean> appliedWithin(Duration limit, long logIndex) {
    CompletableFuture<Void> applied = replica.applied(logIndex);
    if (applied.isDone()) {
      return CompletableFuture.completedFuture(true);
    }
    var ended = new CompletableFuture<Boolean>();
    var timer =
        timers.schedule(
            limit,
            () -> {
              applied.cancel(false);
              ended.complete(false);
            });
    Runnable isHere =
        () -> {
          timer.cancel();
          ended.complete(true);
        };
    var unused = applied.thenRunAsync(isHere, wiring.executor());
    return ended;
  }

  /** How many wait for this replica to apply an entry, or for what is held here. */
  int waiting() {
    return replica.waiting() + latches.waiting();
  }

  /** See {@link dev.kindstead.replication.ReplicatedLog#tellCommitted}; not too often. */
  void tellCommitted() {
    long now = clock.monotonicNanos();
    if (now - toldNanos > TELLING_PAUSE.toNanos()) {
      toldNanos = now;
      wiring.log().tellCommitted();
    }
  }

  /** The last log entry that is applied to {@link #store}. */
  long appliedLogIndex() {
    return replica.appliedLogIndex();
  }

  /** How many keys are latched or locked. */
  int heldKeys() {
    return latches.size() + locks.size();
  }

  long term() {
    return term;
  }

  /** Queues a step; it may fail before this returns. */
  void submit(Step step) {
    queue.submit(step);
  }

  /** Queues a step that had to wait, before all that came later. */
  void resubmit(Step step) {
    queue.resubmit(List.of(step));
  }

  /** The same from any thread. */
  void resubmitLater(Step step) {
    wiring.executor().execute(() -> resubmit(step));
  }

  void setDeadline(Step step, Duration wait) {
    step.setDeadlineNanos(clock.monotonicNanos() + wait.toNanos());
  }

  /** Ends a transaction that is in an older one's way, unless it is committing already. */
  void wound(LockOwner younger) {
    wounding.accept(younger);
  }

  private void pump() {
    queue.pump();
  }

  /** What the log says became of a transaction, null if nothing. */
  @Nullable StoredOutcome outcome(Bytes transaction) {
    return StoredState.outcome(wiring.store().store(), transaction);
  }

  /**
   * The same for whoever is about to commit it, who must not where the log may have known once that
   * it was aborted: a request that was on its way for so long, or its sender asleep.
   */
  @Nullable StoredOutcome outcomeBeforeCommit(Bytes transaction) {
    StoredOutcome outcome = outcome(transaction);
    if (outcome == null && (replica.hasDropped(transaction) || isTooOld(transaction))) {
      throw TransactionErrors.unknownOutcome();
    }
    return outcome;
  }

  /** By the timestamps that this node has heard of, which may be few. */
  private boolean isTooOld(Bytes transaction) {
    return TransactionIds.beginOf(transaction)
        < timestamps.last() - commitsWithin.toNanos() / 1_000;
  }

  /** Whoever is putting an outcome of the transaction into the log. */
  @Nullable Holder decider(Bytes transaction) {
    return deciding.get(transaction);
  }

  void startDeciding(@Nullable Bytes transaction, Holder batch) {
    if (transaction != null) {
      deciding.put(transaction, batch);
    }
  }

  void stopDeciding(@Nullable Bytes transaction) {
    if (transaction != null) {
      deciding.remove(transaction);
    }
  }

  /** This shard's log has decided a transaction that others have prepared. */
  void decided(Decision decision) {
    decisions.accept(decision);
  }

  long nowNanos() {
    return clock.monotonicNanos();
  }

  @Override
  public void leaderStarted(long newTerm, List<Prepare> prepared) {
    wiring.executor().execute(() -> orBroken(() -> lead(newTerm, prepared)));
  }

  private void lead(long newTerm, List<Prepare> prepared) {
    boolean othersLed = !wiring.log().isAlone() && newTerm != term;
    latestTerm = Math.max(latestTerm, newTerm);
    term = newTerm;
    proposals.settleBefore(newTerm);
    indexes.load(StoredState.indexes(wiring.store().store()));
    if (othersLed) {
      held.releaseAllBut(prepared);
    }
    var unsettled = new ArrayList<Prepare>();
    for (Prepare prepare : prepared) {
      boolean isNew = held.recover(prepare, newTerm);
      if (isNew || othersLed) {
        unsettled.add(prepare);
      }
    }
    elected = true;
    if (wiring.log().isAlone()) {
      takeUp(newTerm, othersLed, unsettled);
      if (inCompany) {
        tellOthers();
      }
    } else {
      announce(newTerm, () -> takeUp(newTerm, othersLed, unsettled));
    }
  }

  /** Nothing is committed or read here before all times to read at are known to name the term. */
  private void announce(long newTerm, Runnable announced) {
    announcing
        .until(
            () -> timestamps.announce(shard, newTerm, leader().orElse("")),
            () -> isElected(newTerm))
        .thenRun(() ->
            wiring
                .executor()
                .execute(() -> {
                  if (isElected(newTerm)) {
                    orBroken(announced);
                  }
                }));
  }

  /**
   * Nobody else can lead, so nothing waits for it: but who has no replica would not know whom to
   * ask.
   */
  private void tellOthers() {
    announce(term, () -> {});
  }

  private boolean isElected(long ofTerm) {
    return elected && term == ofTerm;
  }

  private void takeUp(long newTerm, boolean othersLed, List<Prepare> unsettled) {
    leads = true;
    readable = true;
    proposals.leaderStarted(newTerm);
    if (othersLed) {
      // An entry of this term tells former leaders what became of theirs.
      queue.submit(new CommandStep());
    }
    unsettled.forEach(each -> inDoubt.ask(each.transaction(), each.coordinatorSlot()));
    StoredState.decisions(wiring.store().store()).forEach(decisions);
    started.complete(null);
  }

  @Override
  public void leaderStopped(long endedTerm) {
    wiring
        .executor()
        .execute(() -> {
          if (!wiring.log().isAlone()) {
            readable = false;
          }
          leads = false;
          elected = false;
          proposals.leaderStopped(endedTerm);
          queue.failWaiting(TransactionErrors::notLed);
        });
  }

  @Override
  public void termBegan(long newTerm) {
    wiring
        .executor()
        .execute(() -> {
          latestTerm = Math.max(latestTerm, newTerm);
          proposals.settleBefore(newTerm);
        });
  }

  /** Fails all that waits to be proposed: this node is not the home of transactions any more. */
  void failWaiting() {
    wiring.executor().execute(() -> queue.failWaiting(TransactionErrors::notLed));
  }

  /**
   * Who can't begin to lead, as when its store can't be read, would never serve, nor anybody else.
   */
  private void orBroken(Runnable leading) {
    try {
      leading.run();
    } catch (RuntimeException | Error failure) {
      broken(failure);
    }
  }

  /**
   * By a fault of which the log knows nothing: another replica is to lead, and this one no more.
   */
  private void broken(Throwable cause) {
    failed(cause);
    wiring.log().fail(cause);
  }

  @Override
  public void failed(Throwable cause) {
    stopped = true;
    failure.accept(cause);
    started.completeExceptionally(cause);
    wiring.executor().execute(() -> queue.stop(() -> TransactionErrors.writesStopped(cause)));
  }
}

package dev.kindstead.simulation;

import dev.kindstead.replication.LogEntry;
import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A replicated log as nasty as the seam's contract allows, and nastier than any engine: it deposes
 * its leader at any event, leaves proposals UNKNOWN of which some are committed all the same,
 * commits the same bytes twice, applies late and in batches of any size, and cuts history.
 *
 * <p>Confined to the scheduler's thread. After {@link #crash} it never calls anybody again.
 */
public final class ModelLog implements ReplicatedLog {
  private static final Duration DELAY_MAX = Duration.ofMillis(8);
  private static final Duration ELECTION_MAX = Duration.ofMillis(1_500);

  private final ModelGroup group;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Runnable flushStore;
  private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();
  private boolean nasty;
  private @Nullable LogReader reader;
  private boolean stopped;
  private boolean leading;
  private boolean commitScheduled;
  private long term;

  /**
   * @param flushStore makes the replica's store durable, before the log is cut
   * @param nasty false for a log that only delays
   */
  public ModelLog(
      ModelGroup group,
      Scheduler scheduler,
      RandomGenerator random,
      Runnable flushStore,
      boolean nasty) {
    this.group = group;
    this.scheduler = scheduler;
    this.random = random;
    this.flushStore = flushStore;
    this.nasty = nasty;
  }

  @Override
  public void start(LogReader replica) {
    if (reader != null) {
      throw new IllegalStateException("started twice");
    }
    reader = replica;
    after(ELECTION_MAX, this::elect);
  }

  private void elect() {
    term = group.nextTerm();
    group.skipLogIndex();
    replay(group.above(reader().appliedLogIndex()));
    leading = true;
    reader().leaderStarted(term);
  }

  /** Applies in batches of any size. */
  private void replay(List<LogEntry> entries) {
    int from = 0;
    while (from < entries.size()) {
      int until = from + 1 + random.nextInt(entries.size() - from);
      reader().apply(entries.subList(from, until));
      from = until;
    }
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    if (stopped || !leading) {
      listener.ended(Outcome.NOT_APPLIED);
      return;
    }
    proposals.add(new Proposal(entry, listener));
    if (nasty && random.nextInt(150) == 0) {
      depose();
    } else {
      scheduleCommit();
    }
  }

  private void scheduleCommit() {
    if (!commitScheduled) {
      commitScheduled = true;
      long ofTerm = term;
      after(
          DELAY_MAX,
          () -> {
            if (ofTerm == term && leading) {
              commitScheduled = false;
              commitSome();
            }
          });
    }
  }

  private void commitSome() {
    if (nasty && random.nextInt(150) == 0) {
      depose();
      return;
    }
    int count = 1 + random.nextInt(Math.max(1, proposals.size()));
    var committed = new ArrayList<LogEntry>();
    var listeners = new ArrayList<OutcomeListener>();
    while (count-- > 0 && !proposals.isEmpty()) {
      Proposal proposal = proposals.poll();
      committed.add(group.commit(term, proposal.entry));
      if (nasty && random.nextInt(50) == 0) {
        committed.add(group.commit(term, proposal.entry));
      }
      listeners.add(proposal.listener);
    }
    replay(committed);
    listeners.forEach(listener -> listener.ended(Outcome.APPLIED));
    if (!proposals.isEmpty()) {
      scheduleCommit();
    }
  }

  /**
   * Ends this term. Some first proposals survive into the next one, as entries that had reached
   * another replica would; the others are gone. This replica can't tell which.
   */
  private void depose() {
    leading = false;
    commitScheduled = false;
    boolean outcomesFirst = random.nextBoolean();
    var orphans = new ArrayList<>(proposals);
    proposals.clear();
    int survivors = orphans.isEmpty() ? 0 : random.nextInt(orphans.size() + 1);
    orphans.stream().limit(survivors).forEach(orphan -> group.commit(term, orphan.entry));
    if (outcomesFirst) {
      orphans.forEach(orphan -> orphan.listener.ended(Outcome.UNKNOWN));
    }
    reader().leaderStopped(term);
    if (!outcomesFirst) {
      orphans.forEach(orphan -> orphan.listener.ended(Outcome.UNKNOWN));
    }
    after(ELECTION_MAX, this::elect);
  }

  @Override
  public void readBarrier(BarrierListener done) {
    if (stopped) {
      done.ended(false);
      return;
    }
    after(DELAY_MAX, () -> done.ended(leading));
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    if (stopped) {
      done.run();
      return;
    }
    after(
        DELAY_MAX,
        () -> {
          flushStore.run();
          group.cut(reader().appliedLogIndex());
          done.run();
        });
  }

  @Override
  public void close() {
    boolean led = leading;
    stopped = true;
    leading = false;
    proposals.forEach(proposal -> proposal.listener.ended(Outcome.UNKNOWN));
    proposals.clear();
    if (led) {
      reader().leaderStopped(term);
    }
  }

  /** The process dies: nobody is told anything; some first proposals had reached the disk. */
  void crash() {
    int survivors = proposals.isEmpty() ? 0 : random.nextInt(proposals.size() + 1);
    proposals.stream().limit(survivors).forEach(proposal -> group.commit(term, proposal.entry));
    proposals.clear();
    stopped = true;
    leading = false;
  }

  /** From now on it only delays. */
  public void heal() {
    nasty = false;
  }

  private void after(Duration delayMax, Runnable task) {
    scheduler.schedule(
        Duration.ofNanos(random.nextLong(delayMax.toNanos())),
        () -> {
          if (!stopped) {
            task.run();
          }
        });
  }

  private LogReader reader() {
    if (reader == null) {
      throw new IllegalStateException("not started");
    }
    return reader;
  }

  private record Proposal(byte[] entry, OutcomeListener listener) {}
}

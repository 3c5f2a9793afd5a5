package dev.kindstead.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of a development database that lives in memory: the seam's contract without an engine, a
 * disk or a file. What is queued is applied in groups, by one task of the given executor at a time.
 *
 * <p>It keeps no entries, for its state dies with the process. Its term is above that of any
 * earlier log over the same state, because it starts from the state's log index.
 *
 * <p>Thread-safe: {@code lock} guards the queue; the reader is only called by whoever holds the
 * {@code busy} flag.
 */
public final class LocalLog implements ReplicatedLog {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);

  /** Entries handed to one {@link LogReader#apply}. */
  private static final int APPLY_ENTRIES_MAX = 256;

  private sealed interface Work {}

  private record Proposal(byte[] entry, OutcomeListener listener) implements Work {}

  private record Barrier(BarrierListener listener) implements Work {}

  private final Executor executor;
  private final Object lock = new Object();
  private final ArrayDeque<Work> queue = new ArrayDeque<>();
  private boolean busy;
  private boolean started;
  private boolean stopped;
  private @Nullable LogReader reader;
  private long term;
  private long lastLogIndex;

  /**
   * @param executor runs short tasks, such as a single thread's or a pool's; the caller's to close
   */
  public LocalLog(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void start(LogReader reader) {
    synchronized (lock) {
      if (started) {
        throw new IllegalStateException("started twice");
      }
      started = true;
      busy = true;
      this.reader = reader;
      lastLogIndex = reader.appliedLogIndex();
      term = lastLogIndex + 1;
    }
    reader.leaderStarted(term);
    drainOrRest();
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    if (!offer(new Proposal(entry, listener))) {
      listener.ended(Outcome.NOT_APPLIED);
    }
  }

  @Override
  public void readBarrier(BarrierListener done) {
    boolean reached;
    synchronized (lock) {
      reached = started && !stopped && !busy;
    }
    if (reached) {
      done.ended(true);
    } else if (!offer(new Barrier(done))) {
      done.ended(false);
    }
  }

  @Override
  public void fail(Throwable cause) {
    LOG.error("this log's replica stops", cause);
    fail(cause, List.of());
  }

  /** There is no log to cut. */
  @Override
  public void requestCheckpoint(Runnable done) {
    done.run();
  }

  /** The log names no node: it is the only one there is. */
  @Override
  public ReplicaStatus status() {
    LogReader of;
    ReplicaStatus.Role role;
    long now;
    synchronized (lock) {
      of = reader;
      role = started && !stopped ? ReplicaStatus.Role.LEADS : ReplicaStatus.Role.STOPPED;
      now = term;
    }
    long applied = of == null ? 0 : of.appliedLogIndex();
    return new ReplicaStatus(role, "", now, applied, applied, applied, List.of());
  }

  @Override
  public void close() {
    List<Work> left;
    boolean led;
    synchronized (lock) {
      led = started && !stopped;
      stopped = true;
      left = takeAll();
      awaitRest();
    }
    left.forEach(work -> end(work, Outcome.UNKNOWN));
    if (led && reader != null) {
      reader.leaderStopped(term);
    }
  }

  /** Queues the work and sees that someone drains the queue; false if the log is not running. */
  private boolean offer(Work work) {
    synchronized (lock) {
      if (!started || stopped) {
        return false;
      }
      queue.add(work);
      if (busy) {
        return true;
      }
      busy = true;
    }
    executor.execute(this::drainOrRest);
    return true;
  }

  /** Applies group after group until the queue is empty. The caller has set {@code busy}. */
  private void drainOrRest() {
    while (true) {
      List<Work> group;
      synchronized (lock) {
        group = takeGroup();
        if (group.isEmpty()) {
          busy = false;
          lock.notifyAll();
          return;
        }
      }
      applyGroup(group);
    }
  }

  private void applyGroup(List<Work> group) {
    var entries = new ArrayList<LogEntry>(group.size());
    for (Work work : group) {
      if (work instanceof Proposal proposal) {
        entries.add(new LogEntry(++lastLogIndex, term, proposal.entry()));
      }
    }
    LogReader applying = reader;
    try {
      if (!entries.isEmpty() && applying != null) {
        applying.apply(entries);
      }
    } catch (RuntimeException | Error failure) {
      fail(failure, group);
      return;
    }
    group.forEach(work -> end(work, Outcome.APPLIED));
  }

  private void fail(Throwable failure, List<Work> attempted) {
    List<Work> left;
    synchronized (lock) {
      stopped = true;
      left = takeAll();
    }
    LogReader failing = reader;
    if (failing != null) {
      failing.failed(failure);
    }
    attempted.forEach(work -> end(work, Outcome.UNKNOWN));
    left.forEach(work -> end(work, Outcome.NOT_APPLIED));
  }

  /** A listener that throws must not stop the others from hearing their outcome. */
  private static void end(Work work, Outcome outcome) {
    try {
      switch (work) {
        case Proposal proposal -> proposal.listener().ended(outcome);
        case Barrier barrier -> barrier.listener().ended(outcome == Outcome.APPLIED);
      }
    } catch (RuntimeException failure) {
      LOG.error("listener failed", failure);
    }
  }

  private List<Work> takeGroup() {
    var group = new ArrayList<Work>(Math.min(queue.size(), APPLY_ENTRIES_MAX));
    while (group.size() < APPLY_ENTRIES_MAX && !queue.isEmpty()) {
      group.add(queue.removeFirst());
    }
    return group;
  }

  private List<Work> takeAll() {
    var all = new ArrayList<>(queue);
    queue.clear();
    return all;
  }

  private void awaitRest() {
    boolean interrupted = false;
    while (busy) {
      try {
        lock.wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

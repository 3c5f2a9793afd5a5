package dev.kindstead.transaction;

import dev.kindstead.replication.LogEntry;
import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.ReplicatedLog.OutcomeListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One replica's log of a group whose entries all replicas get, and which a test gives a leader.
 * What is proposed is committed at once; followers apply it when they come to it.
 */
final class SharedLog implements ReplicatedLog {
  /** What the replicas of a group share. */
  static final class Group {
    private final List<LogEntry> entries = new ArrayList<>();
    private final Map<String, SharedLog> replicas = new LinkedHashMap<>();
    private String leader;
    private long term = 1;

    Group(String leader) {
      this.leader = leader;
    }

    /** Another node leads from now on, in the next term. */
    void lead(String node) {
      leadUnnoticed(node).run();
    }

    /** The same; the former leader hears of it when the returned task is run. */
    Runnable leadUnnoticed(String node) {
      SharedLog former = Objects.requireNonNull(replicas.get(leader));
      SharedLog next = Objects.requireNonNull(replicas.get(node));
      long ended = term++;
      leader = node;
      next.catchUp();
      long began = term;
      next.run(() -> next.reader().leaderStarted(began));
      return () -> former.run(() -> former.reader().leaderStopped(ended));
    }
  }

  private final Group group;
  private final String node;
  private final Executor tasks;
  private @Nullable LogReader reader;
  private int applied;
  private boolean dead;
  private boolean lagging;
  private boolean gone;
  private boolean alone;
  private boolean failed;

  SharedLog(Group group, String node, Executor tasks) {
    this.group = group;
    this.node = node;
    this.tasks = tasks;
    group.replicas.put(node, this);
  }

  private LogReader reader() {
    return Objects.requireNonNull(reader);
  }

  private void run(Runnable task) {
    tasks.execute(() -> {
      if (!dead) {
        task.run();
      }
    });
  }

  @Override
  public void start(LogReader started) {
    reader = started;
    if (group.leader.equals(node)) {
      run(() -> reader().leaderStarted(group.term));
    }
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    long term = group.term;
    run(() -> {
      if (!group.leader.equals(node) || group.term != term) {
        listener.ended(Outcome.UNKNOWN);
        return;
      }
      group.entries.add(new LogEntry(group.entries.size() + 1L, term, entry));
      applyAll();
      listener.ended(Outcome.APPLIED);
      group.replicas.values().stream().filter(other -> other != this).forEach(SharedLog::catchUp);
    });
  }

  private void catchUp() {
    run(() -> {
      if (!lagging && !gone) {
        applyAll();
      }
    });
  }

  private void applyAll() {
    List<LogEntry> rest = List.copyOf(group.entries.subList(applied, group.entries.size()));
    if (!rest.isEmpty()) {
      applied = group.entries.size();
      reader().apply(rest);
    }
  }

  /** Applies nothing until {@link #followAgain}. */
  void lag() {
    lagging = true;
  }

  void followAgain() {
    lagging = false;
    catchUp();
  }

  /** The replica has stopped for good. */
  void fail() {
    fail(new IllegalStateException("the disk is broken"));
  }

  @Override
  public void fail(Throwable cause) {
    failed = true;
    lag();
    reader().failed(cause);
  }

  /** Whether the replica has stopped: then an engine would have another one lead. */
  boolean hasFailed() {
    return failed;
  }

  /** The node has no replica from now on, whatever it had before. */
  void takeAway() {
    gone = true;
  }

  /** The others have no replica from now on, as while a cluster grows. */
  void standAlone() {
    group.replicas.values().stream().filter(other -> other != this).forEach(SharedLog::takeAway);
    alone = true;
  }

  void die() {
    dead = true;
  }

  @Override
  public boolean isAlone() {
    return alone;
  }

  @Override
  public Optional<String> leader() {
    return gone ? Optional.empty() : Optional.of(group.leader);
  }

  @Override
  public Members members() {
    return Members.of(group.replicas.keySet());
  }

  @Override
  public boolean isMember() {
    return !gone;
  }

  @Override
  public long quietNanos() {
    return OracleLease.LENGTH.toNanos();
  }

  @Override
  public void readBarrier(BarrierListener done) {
    done.ended(false);
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    done.run();
  }

  @Override
  public void close() {}
}

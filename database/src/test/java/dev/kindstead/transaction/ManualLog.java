package dev.kindstead.transaction;

import dev.kindstead.replication.LogEntry;
import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.ReplicatedLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A log that a test holds in its hands: it commits by itself unless paused, and can refuse a
 * proposal, lose its leadership with proposals open, and be opened again after a crash.
 */
final class ManualLog implements ReplicatedLog {
  /** What survives a crash. */
  static final class Disk {
    final List<LogEntry> entries = new ArrayList<>();
    long term;
  }

  private record Proposal(byte[] entry, OutcomeListener listener) {}

  private final Disk disk;
  private final Executor tasks;
  private final ArrayDeque<Proposal> open = new ArrayDeque<>();
  private final List<Proposal> unknown = new ArrayList<>();
  private @Nullable LogReader reader;
  private final List<Runnable> refused = new ArrayList<>();
  private boolean paused;
  private boolean crashed;
  private boolean scheduled;
  private boolean alone = true;
  private int refuse;

  ManualLog(Disk disk, Executor tasks) {
    this.disk = disk;
    this.tasks = tasks;
  }

  @Override
  public void start(LogReader reader) {
    this.reader = reader;
    var unapplied =
        disk.entries.stream().filter(e -> e.logIndex() > reader.appliedLogIndex()).toList();
    tasks.execute(() -> {
      if (!unapplied.isEmpty()) {
        reader().apply(unapplied);
      }
      reader().leaderStarted(++disk.term);
    });
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    if (crashed) {
      return;
    }
    if (refuse > 0) {
      refuse--;
      refused.add(() -> listener.ended(Outcome.NOT_APPLIED));
      tellRefused();
      return;
    }
    open.add(new Proposal(entry, listener));
    commitSoon();
  }

  private void tellRefused() {
    if (!paused) {
      tellRefusals();
    }
  }

  /** What was refused is told now, paused or not. */
  void tellRefusals() {
    refused.forEach(tasks::execute);
    refused.clear();
  }

  private void commitSoon() {
    if (!paused && !scheduled && !open.isEmpty()) {
      scheduled = true;
      tasks.execute(this::commitNext);
    }
  }

  private void commitNext() {
    scheduled = false;
    if (!paused && !crashed && !open.isEmpty()) {
      commit(open.removeFirst(), true);
    }
    commitSoon();
  }

  private void commit(Proposal proposal, boolean report) {
    long logIndex = disk.entries.size() + 1L;
    var entry = new LogEntry(logIndex, disk.term, proposal.entry());
    disk.entries.add(entry);
    reader().apply(List.of(entry));
    if (report) {
      proposal.listener().ended(Outcome.APPLIED);
    }
  }

  private LogReader reader() {
    return Objects.requireNonNull(reader);
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    tellRefused();
    commitSoon();
  }

  /** The next proposals are certainly not applied; who is paused tells later. */
  void refuseNext(int count) {
    refuse = count;
  }

  int openProposals() {
    return open.size();
  }

  /** Leads again in a new term; of the open proposals, the first few turn out to be committed. */
  void depose(int committed) {
    loseLead();
    leadAgain(committed);
  }

  /** Leads no more; what becomes of the open proposals is unknown. */
  void loseLead() {
    reader().leaderStopped(disk.term);
    open.forEach(proposal -> proposal.listener().ended(Outcome.UNKNOWN));
    unknown.addAll(open);
    open.clear();
  }

  /** In a new term; of the unknown proposals, the first few turn out to be committed. */
  void leadAgain(int committed) {
    unknown.subList(0, committed).forEach(proposal -> commit(proposal, false));
    unknown.clear();
    paused = false;
    reader().leaderStarted(++disk.term);
  }

  /** A hand-over begins. */
  void stopLeading() {
    reader().leaderStopped(disk.term);
  }

  /** The hand-over has failed. */
  void leadOn() {
    reader().leaderStarted(disk.term);
  }

  @Override
  public boolean isAlone() {
    return alone;
  }

  @Override
  public void expectMembers() {
    alone = false;
  }

  @Override
  public void fail(Throwable cause) {
    crashed = true;
    reader().failed(cause);
    open.forEach(proposal -> proposal.listener().ended(Outcome.UNKNOWN));
    open.clear();
  }

  /** Everything in memory is gone; of the open proposals, the first few reached the disk. */
  void crash(int written) {
    for (int i = 0; i < written; i++) {
      disk.entries.add(
          new LogEntry(disk.entries.size() + 1L, disk.term, open.removeFirst().entry()));
    }
    crashed = true;
  }

  @Override
  public void readBarrier(BarrierListener done) {
    done.ended(true);
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    done.run();
  }

  @Override
  public void close() {
    crashed = true;
  }
}

package dev.kindstead.replication;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A log that has what happens at its seam recorded, for whoever judges afterwards whether the
 * contract was kept. What the log takes is recorded before the log gets it, and what it has done
 * before anybody hears of it: so an end of the process, at any moment, leaves a record of what
 * happened until then.
 *
 * <p>Thread-safe, if the record is.
 */
public final class RecordedLog implements ReplicatedLog {
  private final ReplicatedLog log;
  private final Consumer<List<LogEvent>> record;
  private final AtomicLong proposals = new AtomicLong();

  /**
   * @param record of one life; called from any thread
   */
  public RecordedLog(ReplicatedLog log, Consumer<List<LogEvent>> record) {
    this.log = log;
    this.record = record;
  }

  private void tell(LogEvent event) {
    record.accept(List.of(event));
  }

  @Override
  public void start(LogReader reader) {
    tell(new LogEvent.Started(reader.appliedLogIndex()));
    log.start(new Reader(reader));
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    long number = proposals.incrementAndGet();
    tell(new LogEvent.Proposed(number, LogEvent.hash(entry)));
    log.propose(
        entry,
        outcome -> {
          tell(new LogEvent.Ended(number, outcome));
          listener.ended(outcome);
        });
  }

  @Override
  public void close() {
    log.close();
    tell(new LogEvent.Closed());
  }

  private final class Reader implements LogReader {
    private final LogReader reader;

    Reader(LogReader reader) {
      this.reader = reader;
    }

    @Override
    public void apply(List<LogEntry> entries) {
      reader.apply(entries);
      record.accept(entries.stream().map(Reader::applied).toList());
    }

    private static LogEvent applied(LogEntry entry) {
      return new LogEvent.Applied(entry.logIndex(), entry.term(), LogEvent.hash(entry.bytes()));
    }

    @Override
    public long appliedLogIndex() {
      return reader.appliedLogIndex();
    }

    @Override
    public void leaderStarted(long term) {
      tell(new LogEvent.LeaderStarted(term));
      reader.leaderStarted(term);
    }

    @Override
    public void leaderStopped(long term) {
      tell(new LogEvent.LeaderStopped(term));
      reader.leaderStopped(term);
    }

    @Override
    public long saveCheckpoint(Path directory) {
      return reader.saveCheckpoint(directory);
    }

    @Override
    public void loadCheckpoint(Path directory) {
      reader.loadCheckpoint(directory);
      tell(new LogEvent.Loaded(reader.appliedLogIndex()));
    }

    @Override
    public void failed(Throwable cause) {
      tell(new LogEvent.Failed());
      reader.failed(cause);
    }
  }

  @Override
  public void readBarrier(BarrierListener done) {
    log.readBarrier(done);
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    log.requestCheckpoint(done);
  }

  @Override
  public boolean isAlone() {
    return log.isAlone();
  }

  @Override
  public Optional<String> leader() {
    return log.leader();
  }

  @Override
  public void transferLeadership(String nodeId) {
    log.transferLeadership(nodeId);
  }

  @Override
  public void resignLeadership() {
    log.resignLeadership();
  }

  @Override
  public void tellCommitted() {
    log.tellCommitted();
  }

  @Override
  public boolean isMember() {
    return log.isMember();
  }

  @Override
  public boolean hasMember(String nodeId) {
    return log.hasMember(nodeId);
  }

  @Override
  public Members members() {
    return log.members();
  }

  @Override
  public Set<String> answering() {
    return log.answering();
  }

  @Override
  public void fail(Throwable cause) {
    log.fail(cause);
  }

  @Override
  public void expectMembers() {
    log.expectMembers();
  }

  @Override
  public void changeMembers(Members next, Consumer<String> done) {
    log.changeMembers(next, done);
  }

  @Override
  public long quietNanos() {
    return log.quietNanos();
  }

  @Override
  public ReplicaStatus status() {
    return log.status();
  }
}

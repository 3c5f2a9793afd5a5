package dev.kindstead.replication;

import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import dev.kindstead.replication.RaftLogOptions.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives JRaft the files of one member: our log and vote, its own checkpoint directories. */
final class RaftStorage implements JRaftServiceFactory {
  private final RaftVoteFile vote;
  private final RaftSegmentLog log;
  private volatile @Nullable SnapshotStorage checkpoints;

  private RaftStorage(RaftVoteFile vote, RaftSegmentLog log) {
    this.vote = vote;
    this.log = log;
  }

  /**
   * Reads vote and log, so that damage shows before JRaft has started.
   *
   * @param appliedLogIndex of the store: the log must not end below it
   */
  static RaftStorage open(
      RaftLogOptions options, RaftStateMachine machine, RaftSynced synced, long appliedLogIndex)
      throws IOException {
    Path directory = Files.createDirectories(options.directory());
    boolean sync = options.durability() == Durability.SYNC;
    var vote = RaftVoteFile.open(directory.resolve("vote"), machine);
    var loading =
        new RaftSegmentLoading(
            sync,
            appliedLogIndex,
            RaftCheckpoint.lastFinished(directory.resolve("checkpoint")),
            vote.getTerm());
    return new RaftStorage(
        vote, RaftSegmentLog.open(directory.resolve("log"), sync, loading, machine, synced));
  }

  /** See {@link ReplicatedLog#quietNanos}. */
  long quietNanos() {
    return System.nanoTime() - log.lastEntryNanos();
  }

  /** See {@link RaftLog#lastEntryTerm}. */
  long lastEntryTerm() {
    long term = log.getTerm(log.getLastLogIndex());
    return term == 0 ? checkpointTerm() : term;
  }

  private long checkpointTerm() {
    SnapshotStorage all = checkpoints;
    try (SnapshotReader last = all == null ? null : all.open()) {
      SnapshotMeta meta = last == null ? null : last.load();
      return meta == null ? 0 : meta.getLastIncludedTerm();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** See {@link RaftLog#eachEntryAfter}. */
  void eachEntryAfter(long logIndex, Consumer<LogEntry> each) {
    long last = log.getLastLogIndex();
    for (long at = Math.max(logIndex + 1, log.getFirstLogIndex()); at <= last; at++) {
      var entry = log.getEntry(at);
      if (entry != null && entry.getType() == EntryType.ENTRY_TYPE_DATA) {
        byte[] bytes = new byte[entry.getData().remaining()];
        entry.getData().duplicate().get(bytes);
        each.accept(new LogEntry(at, entry.getId().getTerm(), bytes));
      }
    }
  }

  @Override
  public LogStorage createLogStorage(String uri, RaftOptions raft) {
    return log;
  }

  @Override
  public SnapshotStorage createSnapshotStorage(NodeOptions node) {
    var made = new RaftCheckpointStorage(node.getSnapshotUri(), node.getRaftOptions());
    checkpoints = made;
    return made;
  }

  @Override
  public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions raft) {
    return vote;
  }

  @Override
  public LogEntryCodecFactory createLogEntryCodecFactory() {
    return LogEntryV2CodecFactory.getInstance();
  }
}

package dev.kindstead.replication;

import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Gives JRaft the files of one member: our log and vote, its own checkpoint directories. */
final class RaftStorage implements JRaftServiceFactory {
  private final RaftStateMachine machine;
  private final RaftLogOptions options;
  private final long appliedLogIndex;

  /**
   * @param appliedLogIndex of the store at start: the log must not end below it
   */
  RaftStorage(RaftLogOptions options, RaftStateMachine machine, long appliedLogIndex) {
    this.options = options;
    this.machine = machine;
    this.appliedLogIndex = appliedLogIndex;
  }

  @Override
  public LogStorage createLogStorage(String uri, RaftOptions raft) {
    try {
      var loading =
          new RaftSegmentLoading(
              raft.isSync(),
              appliedLogIndex,
              RaftCheckpoint.lastFinished(options.directory().resolve("checkpoint")),
              RaftVoteFile.read(options.directory().resolve("vote")).term());
      return new RaftSegmentLog(Path.of(uri), raft.isSync(), loading, machine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public SnapshotStorage createSnapshotStorage(NodeOptions node) {
    return new LocalSnapshotStorage(node.getSnapshotUri(), "", node.getRaftOptions());
  }

  @Override
  public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions raft) {
    return new RaftVoteFile(Path.of(uri), machine);
  }

  @Override
  public LogEntryCodecFactory createLogEntryCodecFactory() {
    return LogEntryV2CodecFactory.getInstance();
  }
}

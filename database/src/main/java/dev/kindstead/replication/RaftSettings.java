package dev.kindstead.replication;

import static java.util.concurrent.TimeUnit.HOURS;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.storage.snapshot.ThroughputSnapshotThrottle;
import dev.kindstead.replication.RaftLogOptions.Durability;

/**
 * JRaft's settings, all in one place. What is not set here is JRaft's default on purpose. Why:
 * docs/decisions/0003-replicated-log-engine.md.
 */
final class RaftSettings {
  private static final int ELECTION_TIMEOUT_MILLIS = 500;

  /** Added at random to the election timeout; its default of a second delays every fail-over. */
  private static final int ELECTION_DELAY_MILLIS_MAX = 200;

  /**
   * Heartbeats of an idle group in an election timeout: the default of ten costs an idle node of
   * five groups two percent of a processor.
   */
  private static final int HEARTBEATS = 4;

  /** Slots of each of the group's four queues; the default of 16,384 costs megabytes a group. */
  private static final int QUEUE_SLOTS = 1_024;

  /** Proposals appended by one step of the engine's first thread. */
  private static final int APPLY_BATCH_ENTRIES = 64;

  /** Bytes that one write and sync of the log may carry, unless one entry has more. */
  private static final int APPEND_BYTES_MAX = 1 << 20;

  /** Bytes of one message to a follower, unless one entry has more. */
  private static final int MESSAGE_BYTES_MAX = 1 << 20;

  /** Threads for answers of other members; started only when answers come. */
  private static final int RPC_THREADS_MAX = 6;

  /**
   * How long the leader's one call may take in which another member copies, verifies and loads a
   * checkpoint. When it is over the copy fails and begins anew, so the default of 300 s keeps out
   * whoever needs more for ever; a lost connection ends the call all the same.
   */
  private static final int INSTALL_CHECKPOINT_MILLIS = Math.toIntExact(HOURS.toMillis(24));

  /** Who has used up a cycle's share looks again after a second: more cycles would waste most. */
  private static final int COPY_CYCLES_PER_SECOND = 1;

  private RaftSettings() {}

  static NodeOptions node(RaftLogOptions options, RaftStateMachine machine, RaftStorage storage) {
    var node = new NodeOptions();
    node.setFsm(machine);
    node.setServiceFactory(storage);
    node.setLogUri(options.directory().resolve("log").toString());
    node.setRaftMetaUri(options.directory().resolve("vote").toString());
    node.setSnapshotUri(options.directory().resolve("checkpoint").toString());
    var members = new Configuration();
    if (options.founds()) {
      options.memberIds().forEach(id -> members.addPeer(RaftNetwork.peer(id)));
    }
    node.setInitialConf(members);
    node.setElectionTimeoutMs(ELECTION_TIMEOUT_MILLIS);
    node.setSharedElectionTimer(true);
    node.setSharedVoteTimer(true);
    node.setSharedStepDownTimer(true);
    node.setSharedSnapshotTimer(true);
    node.setSharedTimerPool(true);
    // Checkpoints are due by bytes and entries, never by the clock.
    node.setSnapshotIntervalSecs(0);
    node.setEnableMetrics(false);
    node.setRpcProcessorThreadPoolSize(RPC_THREADS_MAX);
    node.setRpcInstallSnapshotTimeout(INSTALL_CHECKPOINT_MILLIS);
    node.setSnapshotThrottle(
        new ThroughputSnapshotThrottle(options.copyBytesPerSecond(), COPY_CYCLES_PER_SECOND));
    node.setRaftOptions(raft(options));
    return node;
  }

  private static RaftOptions raft(RaftLogOptions options) {
    var raft = new RaftOptions();
    raft.setSync(options.durability() == Durability.SYNC);
    raft.setSyncMeta(true);
    // The segment log has its own checksum, over the same bytes and cheaper.
    raft.setEnableLogEntryChecksum(false);
    raft.setElectionHeartbeatFactor(HEARTBEATS);
    raft.setMaxElectionDelayMs(ELECTION_DELAY_MILLIS_MAX);
    raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
    raft.setApplyBatch(APPLY_BATCH_ENTRIES);
    raft.setMaxAppendBufferSize(APPEND_BYTES_MAX);
    raft.setMaxBodySize(MESSAGE_BYTES_MAX);
    raft.setReplicatorPipeline(true);
    raft.setDisruptorBufferSize(QUEUE_SLOTS);
    raft.setOpenStatistics(false);
    return raft;
  }
}

package dev.kindstead.replication;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.LogEntryCorruptedException;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import dev.kindstead.model.Invariant;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns JRaft's calls into those of a {@link LogReader}. All {@code on...} methods run on the
 * group's one apply thread.
 */
final class RaftStateMachine extends StateMachineAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RaftStateMachine.class);

  /** Entry bytes handed to one {@link LogReader#apply}; a larger entry goes alone. */
  private static final int APPLY_BYTES_MAX = 4 << 20;

  private final RaftLogOptions options;
  private final LogReader reader;
  private final Consumer<Runnable> checkpointDue;
  private final RaftSynced synced;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private boolean failureReported;
  private volatile @Nullable NodeImpl node;

  /** The term this replica leads in, 0 if it follows. */
  private volatile long leaderTerm;

  /** The latest term this replica has led or followed in. */
  private volatile long knownTerm;

  /** Who leads, as JRaft has told last; empty for nobody. */
  private volatile String leader = "";

  private volatile boolean alone;
  private volatile Members committedMembers;
  private volatile boolean member;
  private volatile boolean checkpointRequested;
  private long bytesSinceCheckpoint;
  private long entriesSinceCheckpoint;

  /**
   * @param checkpointDue asks for a checkpoint without waiting for it, and runs its argument when
   *     that has ended
   * @param synced how far the log is that the entries come from
   */
  RaftStateMachine(
      RaftLogOptions options,
      LogReader reader,
      Consumer<Runnable> checkpointDue,
      RaftSynced synced) {
    this.options = options;
    this.reader = reader;
    this.checkpointDue = checkpointDue;
    this.synced = synced;
    alone = options.memberIds().equals(List.of(options.nodeId()));
    committedMembers = Members.of(options.memberIds());
    member = options.memberIds().contains(options.nodeId());
  }

  /**
   * The engine's replica, which is to step down when something fails; called again when it has
   * started, for before that it would not hear of it.
   */
  void runsIn(Node replica) {
    node = replica instanceof NodeImpl started ? started : null;
    if (isFailed()) {
      haltSoon();
    }
  }

  /** See {@link ReplicatedLog#isAlone}. */
  boolean isAlone() {
    return alone;
  }

  /** To be called before others may get a vote: they may use it before this replica hears of it. */
  void expectMembers() {
    alone = false;
  }

  @Override
  public void onConfigurationCommitted(Configuration members) {
    alone = members.size() == 1 && members.contains(RaftNetwork.peer(options.nodeId()));
    committedMembers = Members.of(members.listPeers().stream().map(RaftNetwork::nodeId).toList());
    member = members.contains(RaftNetwork.peer(options.nodeId()));
  }

  /** Whether this replica is one of {@link #members}. */
  boolean isMember() {
    return member;
  }

  /**
   * The voters as of the last change that was agreed on; before the first, what the group began
   * with.
   */
  Members members() {
    return committedMembers;
  }

  long appliedLogIndex() {
    return reader.appliedLogIndex();
  }

  long knownTerm() {
    return knownTerm;
  }

  long leaderTerm() {
    return leaderTerm;
  }

  /** The node that leads, empty when none is known; late while this replica waits for its disk. */
  String leader() {
    return leader;
  }

  boolean isFailed() {
    return failure.get() != null;
  }

  @Nullable Throwable failure() {
    return failure.get();
  }

  @Override
  public void onApply(Iterator committed) {
    long skipUntil = reader.appliedLogIndex();
    var entries = new ArrayList<LogEntry>();
    var proposals = new ArrayList<RaftProposal>();
    while (committed.hasNext()) {
      int groupBytes = 0;
      Throwable thrown = null;
      while (committed.hasNext() && groupBytes < APPLY_BYTES_MAX) {
        byte[] bytes;
        try {
          bytes = bytesOf(committed.getData());
        } catch (LogEntryCorruptedException unread) {
          thrown = unread;
          break;
        }
        groupBytes += bytes.length;
        if (committed.getIndex() > skipUntil) {
          entries.add(new LogEntry(committed.getIndex(), committed.getTerm(), bytes));
        }
        if (committed.done() instanceof RaftProposal proposal) {
          proposals.add(proposal);
        }
        entriesSinceCheckpoint++;
        bytesSinceCheckpoint += bytes.length;
        committed.next();
      }
      thrown = thrown == null ? applySynced(entries) : thrown;
      if (thrown != null) {
        proposals.forEach(proposal -> proposal.end(Outcome.UNKNOWN));
        committed.setErrorAndRollback(
            1, new Status(RaftError.ESTATEMACHINE, "apply failed: %s", thrown));
        return;
      }
      proposals.forEach(proposal -> proposal.end(Outcome.APPLIED));
      entries.clear();
      proposals.clear();
    }
    requestCheckpointIfDue();
  }

  private @Nullable Throwable applySynced(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return null;
    }
    try {
      if (!synced.await(entries.getLast().logIndex())) {
        throw new IllegalStateException("the log's disk has failed, or stood still for too long");
      }
      reader.apply(List.copyOf(entries));
      return null;
    } catch (RuntimeException | Error thrown) {
      fail(thrown);
      reportFailure(thrown);
      return thrown;
    }
  }

  /** JRaft may be too busy for one: it is due until it is saved. */
  private void requestCheckpointIfDue() {
    boolean due =
        bytesSinceCheckpoint >= options.checkpointBytes()
            || entriesSinceCheckpoint >= options.checkpointEntries();
    if (due && !checkpointRequested) {
      checkpointRequested = true;
      checkpointDue.accept(() -> checkpointRequested = false);
    }
  }

  /** The array itself where the buffer is all of it, as it is on the leader: no copy. */
  private static byte[] bytesOf(ByteBuffer data) {
    if (data.hasArray() && data.arrayOffset() == 0 && data.array().length == data.remaining()) {
      return data.array();
    }
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void onLeaderStart(long term) {
    leaderTerm = term;
    knownTerm = term;
    leader = options.nodeId();
    guardReader(() -> reader.leaderStarted(term));
  }

  @Override
  public void onStartFollowing(LeaderChangeContext next) {
    knownTerm = next.getTerm();
    leader = RaftNetwork.nodeId(next.getLeaderId());
  }

  @Override
  public void onStopFollowing(LeaderChangeContext former) {
    leader = "";
  }

  @Override
  public void onLeaderStop(Status status) {
    long term = leaderTerm;
    leaderTerm = 0;
    leader = "";
    if (term != 0) {
      guardReader(() -> reader.leaderStopped(term));
    }
  }

  /**
   * Stops taking proposals the moment something is wrong, on any thread, and has JRaft step down,
   * which comes back with {@link #onError}: it does not notice everything by itself.
   */
  void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      LOG.error("replica of group {} stops", options.group(), cause);
      haltSoon();
    }
  }

  /** On another thread: this one may have any of JRaft's locks. */
  private void haltSoon() {
    NodeImpl halting = node;
    if (halting != null) {
      var error =
          new RaftException(
              ErrorType.ERROR_TYPE_STATE_MACHINE, RaftError.EIO, "this replica has failed");
      RaftNetwork.instance().executor().execute(() -> halting.onError(error));
    }
  }

  @Override
  public void onError(RaftException error) {
    fail(error);
    reportFailure(error);
  }

  private void reportFailure(Throwable latest) {
    if (!failureReported) {
      failureReported = true;
      Throwable first = failure.get();
      RaftLog.guard(() -> reader.failed(first == null ? latest : first));
    }
  }

  /**
   * Saves on this thread, so that the state stands still, and seals on another: reading files to
   * checksum them may take seconds.
   */
  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    Path directory = Path.of(writer.getPath());
    bytesSinceCheckpoint = 0;
    entriesSinceCheckpoint = 0;
    long saved;
    try {
      saved = reader.saveCheckpoint(RaftCheckpoint.emptyStateDirectory(directory));
    } catch (IOException | RuntimeException thrown) {
      LOG.error("checkpoint of group {} failed", options.group(), thrown);
      done.run(new Status(RaftError.EIO, "checkpoint failed: %s", thrown));
      return;
    }
    var unused =
        ThreadPoolsFactory.runInThread(
            options.group(), () -> done.run(seal(writer, directory, saved)));
  }

  private Status seal(SnapshotWriter writer, Path directory, long saved) {
    try {
      for (String file : RaftCheckpoint.seal(directory, saved)) {
        if (!writer.addFile(file)) {
          return new Status(RaftError.EIO, "checkpoint file %s listed twice", file);
        }
      }
      return Status.OK();
    } catch (IOException | RuntimeException thrown) {
      LOG.error("checkpoint of group {} failed", options.group(), thrown);
      return new Status(RaftError.EIO, "checkpoint failed: %s", thrown);
    }
  }

  /**
   * At every start JRaft offers its last checkpoint, though our store usually is ahead of it: then
   * the store stays as it is, and entries it has are skipped by {@link #onApply}.
   */
  @Override
  public boolean onSnapshotLoad(SnapshotReader snapshot) {
    Path directory = Path.of(snapshot.getPath());
    try {
      RaftCheckpoint checkpoint = RaftCheckpoint.open(directory);
      if (reader.appliedLogIndex() >= checkpoint.logIndex()) {
        return true;
      }
      checkpoint.verify();
      reader.loadCheckpoint(checkpoint.stateDirectory());
      Invariant.check(
          reader.appliedLogIndex() == checkpoint.logIndex(),
          "a loaded checkpoint has the log index it was saved with");
      return true;
    } catch (IOException | RuntimeException thrown) {
      fail(thrown);
      return false;
    }
  }

  private void guardReader(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error thrown) {
      fail(thrown);
      reportFailure(thrown);
    }
  }
}

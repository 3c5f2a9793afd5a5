package dev.kindstead.replication;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcResponseClosureAdapter;
import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import dev.kindstead.environment.Network;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.ReplicatedLog.OutcomeListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable log: one member of a Raft group, by SOFAJRaft. Members are named by logical node ids,
 * which {@link RaftNetwork} resolves; JRaft listens on no port.
 *
 * <p>On disk, below the member's directory: {@code log} ({@link RaftSegmentLog}), {@code vote}
 * ({@link RaftVoteFile}) and {@code checkpoint} ({@link RaftCheckpoint}).
 *
 * <p>Thread-safe. Outcomes are reported on the group's apply thread, or on one of JRaft's pool when
 * the entry did not get that far.
 */
public final class RaftLog implements ReplicatedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);

  /** A change of members that has not ended by then may still come about. */
  private static final long CHANGE_LIMIT_SECONDS = 10;

  private final RaftLogOptions options;
  private final PeerId peer;
  private final Set<RaftProposal> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile @Nullable RaftNode node;
  private volatile @Nullable RaftStanding standing;
  private volatile @Nullable RaftStateMachine stateMachine;
  private volatile @Nullable RaftStorage storage;

  public RaftLog(RaftLogOptions options) {
    this.options = options;
    this.peer = RaftNetwork.peer(options.nodeId());
  }

  /**
   * Members in other processes are reached over this network, and reach ours over it.
   *
   * @param nodeId this process's node
   */
  public static void connect(String nodeId, Network network) {
    RaftNetwork.instance().connect(nodeId, network);
  }

  /** To be called before the network closes: nobody else can be reached any more. */
  public static void disconnect() {
    RaftNetwork.instance().disconnect();
  }

  /**
   * Returns when the checkpoint, if needed, is loaded; replay and election follow.
   *
   * @throws CorruptLogException if the log or the vote is damaged; it names the file
   * @throws IllegalStateException if the checkpoint is needed and damaged, or the first vote can't
   *     be saved; the cause says so
   */
  @Override
  public void start(LogReader reader) {
    if (node != null) {
      throw new IllegalStateException("started twice");
    }
    var synced = new RaftSynced(this::handOverSoon, RaftSynced.LOOK_MILLIS);
    var machine = new RaftStateMachine(options, reader, this::checkpointSoon, synced);
    RaftStorage files;
    try {
      files = RaftStorage.open(options, machine, synced, reader.appliedLogIndex());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RaftNetwork.instance().join(peer);
    var starting = new RaftNode(options.group(), peer);
    stateMachine = machine;
    storage = files;
    node = starting;
    standing = new RaftStanding(starting, machine);
    machine.runsIn(starting);
    boolean started = false;
    try {
      started = starting.init(RaftSettings.node(options, machine, files));
    } finally {
      if (!started) {
        closed = true;
        // Not joined: JRaft waits for ever for threads that it has not started.
        starting.shutdown();
        RaftNetwork.instance().leave(peer);
      }
    }
    if (!started) {
      throw new IllegalStateException(
          "replica group " + options.group() + " did not start", machine.failure());
    }
    machine.runsIn(starting);
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    Node to = node;
    RaftStateMachine machine = stateMachine;
    long term = to == null || machine == null || machine.isFailed() ? 0 : machine.leaderTerm();
    if (to == null || term == 0 || closed) {
      listener.ended(Outcome.NOT_APPLIED);
      return;
    }
    var proposal = new RaftProposal(listener, open);
    if (closed) {
      proposal.end(Outcome.NOT_APPLIED);
      return;
    }
    try {
      to.apply(new Task(ByteBuffer.wrap(entry), proposal, term));
    } catch (RuntimeException refused) {
      // Thrown before the entry is queued: the node is shutting down.
      proposal.end(Outcome.NOT_APPLIED);
    }
  }

  @Override
  public void readBarrier(BarrierListener done) {
    Node from = node;
    if (from == null || closed) {
      done.ended(false);
      return;
    }
    var barrier = new RaftProposal(outcome -> done.ended(outcome == Outcome.APPLIED), open);
    try {
      from.readIndex(
          new byte[0],
          new ReadIndexClosure() {
            @Override
            public void run(Status status, long logIndex, byte[] context) {
              barrier.end(status.isOk() ? Outcome.APPLIED : Outcome.UNKNOWN);
            }
          });
    } catch (RuntimeException refused) {
      barrier.end(Outcome.UNKNOWN);
    }
    if (closed) {
      barrier.end(Outcome.UNKNOWN);
    }
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    Node of = node;
    if (of == null || closed) {
      done.run();
      return;
    }
    var request = new RaftProposal(outcome -> done.run(), open);
    try {
      of.snapshot(request);
    } catch (RuntimeException refused) {
      request.end(Outcome.UNKNOWN);
    }
    if (closed) {
      request.end(Outcome.UNKNOWN);
    }
  }

  @Override
  public boolean isAlone() {
    RaftStateMachine machine = stateMachine;
    return machine == null ? options.memberIds().size() == 1 : machine.isAlone();
  }

  @Override
  public Optional<String> leader() {
    RaftStanding known = standing;
    return known == null || closed ? Optional.empty() : known.leader();
  }

  @Override
  public void transferLeadership(String nodeId) {
    transferLeadershipTo(RaftNetwork.peer(nodeId));
  }

  @Override
  public void resignLeadership() {
    transferLeadershipTo(PeerId.ANY_PEER);
  }

  /** On another thread: who asks for it must not wait for JRaft's lock. */
  private void transferLeadershipTo(PeerId next) {
    Node from = node;
    if (from != null && !closed) {
      var unused = ThreadPoolsFactory.runInThread(options.group(), () -> transfer(from, next));
    }
  }

  private void transfer(Node from, PeerId next) {
    Status status = from.transferLeadershipTo(next);
    if (!status.isOk()) {
      LOG.debug("group {} stays with this leader: {}", options.group(), status.getErrorMsg());
    }
  }

  /** JRaft steps down and stops, and tells the reader from its own thread. */
  @Override
  public void fail(Throwable cause) {
    RaftStateMachine machine = stateMachine;
    if (machine != null) {
      machine.fail(cause);
    }
  }

  /** JRaft's heartbeats carry what is committed, and a read index asks for one from each. */
  @Override
  public void tellCommitted() {
    RaftStateMachine machine = stateMachine;
    RaftNode of = node;
    if (of != null && machine != null && machine.leaderTerm() > 0 && !closed) {
      of.handleReadIndexRequest(
          ReadIndexRequest.newBuilder()
              .setGroupId(options.group())
              .setServerId(peer.toString())
              .build(),
          new RpcResponseClosureAdapter<>() {
            @Override
            public void run(Status status) {}
          });
    }
  }

  @Override
  public boolean isMember() {
    RaftStateMachine machine = stateMachine;
    return machine != null && machine.isMember();
  }

  @Override
  public boolean hasMember(String nodeId) {
    RaftStateMachine machine = stateMachine;
    return members().voters().contains(nodeId)
        || (machine != null && machine.members().voters().contains(nodeId));
  }

  @Override
  public Members members() {
    RaftStanding known = standing;
    return known == null ? Members.NOBODY : known.members();
  }

  @Override
  public Set<String> answering() {
    RaftStanding known = standing;
    return known == null || closed ? Set.of() : known.answering();
  }

  @Override
  public void expectMembers() {
    RaftStateMachine machine = stateMachine;
    if (machine != null) {
      machine.expectMembers();
    }
  }

  @Override
  public void changeMembers(Members next, Consumer<String> done) {
    Node of = node;
    if (of == null || closed) {
      done.accept("this replica is not running");
      return;
    }
    var configuration = new Configuration();
    next.voters().forEach(id -> configuration.addPeer(RaftNetwork.peer(id)));
    // JRaft forgets to answer now and then, as when it finds a change invalid.
    var answer = new CompletableFuture<String>();
    var unused =
        answer
            .completeOnTimeout(
                "no answer within " + CHANGE_LIMIT_SECONDS + " s",
                CHANGE_LIMIT_SECONDS,
                TimeUnit.SECONDS)
            .thenAccept(done);
    Closure last = status -> answer.complete(status.isOk() ? "" : status.getErrorMsg());
    // On another thread: who asks for it must not wait for JRaft's lock.
    var begun =
        ThreadPoolsFactory.runInThread(options.group(), () -> of.changePeers(configuration, last));
  }

  /**
   * Makes this replica the only member of its group, whatever the others have: unsafe, for when a
   * majority of them is gone for good. It leads a moment later; every entry that it has counts as
   * agreed on then.
   */
  public void leadAlone() {
    Node of = node;
    if (of == null) {
      throw new IllegalStateException("not started");
    }
    Status status = of.resetPeers(new Configuration(List.of(peer)));
    if (!status.isOk()) {
      throw new IllegalStateException(status.getErrorMsg());
    }
  }

  /** Of the last entry in this replica's log; waits while a vote is being saved. */
  public long lastLogIndex() {
    Node of = node;
    return of == null ? 0 : of.getLastLogIndex();
  }

  /**
   * The term of the last entry in this replica's log, or in its checkpoint when the log begins
   * behind that; zero when there is none.
   */
  public long lastEntryTerm() {
    RaftStorage of = storage;
    return of == null ? 0 : of.lastEntryTerm();
  }

  /**
   * Who votes by the last entry about it in this replica's log, whether it was agreed on or not;
   * nobody when the log is empty. For a log that leads nobody.
   */
  public Members configured() {
    RaftNode of = node;
    return of == null
        ? Members.NOBODY
        : Members.of(of.configured().stream().map(RaftNetwork::nodeId).toList());
  }

  /** Shows what was proposed and is in this replica's log behind an entry, agreed on or not. */
  public void eachEntryAfter(long logIndex, Consumer<LogEntry> each) {
    RaftStorage of = storage;
    if (of != null) {
      of.eachEntryAfter(logIndex, each);
    }
  }

  @Override
  public long quietNanos() {
    RaftStorage of = storage;
    return of == null ? 0 : of.quietNanos();
  }

  @Override
  public ReplicaStatus status() {
    RaftStanding known = standing;
    return known == null ? ReplicaStatus.UNKNOWN : known.status(closed);
  }

  @Override
  public void close() {
    Node closing = node;
    boolean running = closing != null && !closed;
    closed = true;
    if (closing != null && running) {
      stop(closing);
    }
    List.copyOf(open).forEach(proposal -> proposal.end(Outcome.UNKNOWN));
  }

  private void stop(Node stopping) {
    try {
      stopping.shutdown();
      stopping.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("replica of group {} did not stop cleanly", options.group(), e);
    } finally {
      RaftNetwork.instance().leave(peer);
    }
  }

  /** From the apply thread, which must not wait for room in its own queue. */
  private void checkpointSoon(Runnable done) {
    var unused = ThreadPoolsFactory.runInThread(options.group(), () -> requestCheckpoint(done));
  }

  /** From the apply thread, which waits for the disk: the others do not have to. */
  private void handOverSoon() {
    RaftStateMachine machine = stateMachine;
    if (machine != null && machine.leaderTerm() > 0 && !isAlone()) {
      LOG.warn("the disk is slow: asking another node to lead group {}", options.group());
      resignLeadership();
    }
  }

  /** A listener that throws must not stop the others from hearing their outcome. */
  static void guard(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException failure) {
      LOG.error("listener failed", failure);
    }
  }
}

package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Refused;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.model.Code;
import dev.kindstead.model.NotServedException;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call from where it has to wait until its reply: for work that has begun here, or for the node
 * that serves, wherever that moves meanwhile. One alarm at a time tells it to go on.
 *
 * <p>Confined to its event loop, except for {@link #endedHere}.
 *
 * <p><b>Invariants.</b> An attempt follows only when the one before certainly did nothing, or when
 * repeating the work does no harm. A change that may have been made never ends in a failure that
 * says it was not.
 */
final class PendingCall {
  private static final Logger LOG = LoggerFactory.getLogger(PendingCall.class);

  /** Between two attempts at first, doubled each time up to the last one. */
  private static final long PAUSE_NANOS_MIN = Duration.ofMillis(20).toNanos();

  private static final int PAUSE_DOUBLINGS_MAX = 3;

  /** Once patience is over, how often to look whether another node serves. */
  private static final long WATCH_NANOS = Duration.ofMillis(500).toNanos();

  /** This node's replicas, and those of one other. */
  private static final int REPLICAS_ASKED_MAX = 2;

  private static final Failure UNSERVED =
      new Failure(Code.UNAVAILABLE, "no node of the cluster serves this now; please try again");

  /** What is to be done, and where it may be done again. */
  interface Work {
    /** Does it on this node; ends with a {@link NotServedException} when that does not lead. */
    CompletableFuture<Answer> here();

    /** It as another node takes it; throws what is wrong with the request's envelope. */
    byte[] envelope(long nanosLeft) throws InvalidProtocolBufferException;

    /** Whether this node may do it though it does not serve, or find that it can't. */
    boolean isReplicaRead();

    /** Whether it is of now but of no open transaction: any node with replicas may do it. */
    boolean isForAnyNode();

    /** Whether it does something that a client must not believe undone when nobody knows. */
    boolean isChange();

    /** Whether it may be done again after it may have been done. */
    boolean isRepeatable();

    /** The failure of a change that may have been made. */
    Failure unknown(String why);

    /** Called once, when nothing of it goes on any more. */
    void ended(Reply reply);
  }

  private final Work work;
  private final Forwarding forwarding;
  private final EventExecutor loop;
  private final long deadline;
  private final CompletableFuture<Reply> reply = new CompletableFuture<>();
  private @Nullable Future<?> alarm;

  /** Whether an attempt goes on; at which node, null for here. */
  private boolean isOpen;

  private @Nullable String target;

  /** Counts attempts elsewhere, so that the answer to a given-up one is passed over. */
  private int attempt;

  /** Whether an earlier attempt may have made the change. */
  private boolean isUnknown;

  /** Whether the attempt that goes on is one at replicas that need not serve. */
  private boolean isReplicaRead;

  /** Whether the attempt that goes on is one here that another node should make if it fails. */
  private boolean isTriedHere;

  private int replicasAsked;

  /** When another node's replicas were asked, by System.nanoTime. */
  private long replicaBegun;

  private int pauses;
  private long unservedUntil;

  PendingCall(Work work, Forwarding forwarding, EventExecutor loop, long deadline) {
    this.work = work;
    this.forwarding = forwarding;
    this.loop = loop;
    this.deadline = deadline;
  }

  /** Goes on from work that has begun here; called on the event loop. */
  CompletableFuture<Reply> begunHere(CompletableFuture<Answer> answer) {
    awaitHere(answer);
    return reply;
  }

  /** Begins wherever it is served. */
  CompletableFuture<Reply> start() {
    if (loop.inEventLoop()) {
      begin();
    } else {
      loop.execute(this::begin);
    }
    return reply;
  }

  private void begin() {
    try {
      ServingNode serving = forwarding.servingNode();
      if (serving.isHere()) {
        isTriedHere = false;
        awaitHere(work.here());
      } else if (!isTriedHere && serving.hasReplicas() && work.isForAnyNode()) {
        isTriedHere = true;
        awaitHere(work.here());
      } else if (!begunAtReplica()) {
        isTriedHere = false;
        String node = serving.elsewhere().orElse(null);
        if (node == null) {
          pause();
        } else {
          forward(node);
        }
      }
    } catch (Throwable refused) {
      finish(Failure.of(refused));
    }
  }

  /** Each once: what replicas can't read they can't a moment later. */
  private boolean begunAtReplica() throws InvalidProtocolBufferException {
    isReplicaRead = replicasAsked < REPLICAS_ASKED_MAX && work.isReplicaRead();
    if (isReplicaRead && replicasAsked++ == 0) {
      awaitHere(work.here());
      return true;
    }
    Optional<String> chosen = isReplicaRead ? forwarding.replicas().choose() : Optional.empty();
    isReplicaRead = chosen.isPresent();
    if (isReplicaRead) {
      replicaBegun = System.nanoTime();
      forward(chosen.get());
    }
    return isReplicaRead;
  }

  private void awaitHere(CompletableFuture<Answer> answer) {
    isOpen = true;
    target = null;
    ringIn(Long.MAX_VALUE);
    answer.whenComplete(this::endedHere);
  }

  /** On any thread; what these fields say was written before the attempt began. */
  private void endedHere(@Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null && Failure.cause(failure) instanceof NotServedException) {
      loop.execute(this::notTaken);
      return;
    }
    Reply ended = Reply.of(answer, failure);
    if (isUnknown) {
      loop.execute(() -> conclude(ended));
    } else {
      finish(ended);
    }
  }

  private void forward(String node) throws InvalidProtocolBufferException {
    long left = nanosLeft();
    byte[] envelope = work.envelope(left);
    int number = ++attempt;
    isOpen = true;
    target = node;
    ringIn(forwarding.patience().toNanos());
    forwarding
        .network()
        .call(node, Service.CALLS, envelope, Duration.ofNanos(left))
        .whenComplete((bytes, failure) -> loop.execute(() -> endedThere(number, bytes, failure)));
  }

  /** The attempt has certainly done nothing. */
  private void notTaken() {
    if (isReplicaRead || isTriedHere) {
      begin();
    } else {
      pause();
    }
  }

  private void endedThere(int number, byte @Nullable [] bytes, @Nullable Throwable failure) {
    if (number != attempt) {
      return;
    }
    endReplicaRead();
    if (bytes == null) {
      Throwable cause = failure == null ? null : Failure.cause(failure);
      // The handler refuses only before it does anything.
      if (cause instanceof NotDelivered || cause instanceof Refused) {
        LOG.debug("node {} did not take a call", target, cause);
        notTaken();
      } else {
        lost();
      }
      return;
    }
    Reply came;
    try {
      came = ForwardedReply.read(bytes);
    } catch (IllegalArgumentException malformed) {
      LOG.warn("node {} answered a call with {} bytes that are no reply", target, bytes.length);
      lost();
      return;
    }
    if (came == null) {
      notTaken();
    } else {
      conclude(came);
    }
  }

  /** The node that was chosen no longer counts as busy with it. */
  private void endReplicaRead() {
    if (isReplicaRead && target != null) {
      forwarding.replicas().ended(target, System.nanoTime() - replicaBegun);
    }
  }

  /** The attempt's node may have done it, or will; what it answers from now on is passed over. */
  private void lost() {
    attempt++;
    if (work.isRepeatable()) {
      isUnknown |= work.isChange();
      pause();
    } else {
      finish(work.unknown("the answer of the node that serves was lost"));
    }
  }

  /** A refusal of the repetition tells nothing about an earlier attempt. */
  private void conclude(Reply ended) {
    if (isUnknown && ended instanceof Failure failure && isRefusal(failure.code())) {
      pause();
    } else {
      finish(ended);
    }
  }

  private static boolean isRefusal(Code code) {
    return code == Code.UNAVAILABLE
        || code == Code.DEADLINE_EXCEEDED
        || code == Code.RESOURCE_EXHAUSTED;
  }

  private void pause() {
    isOpen = false;
    long now = System.nanoTime();
    if (pauses == 0) {
      unservedUntil = now + forwarding.unservedMax().toNanos();
    }
    if (reply.isDone()) {
      finish(overdue());
    } else if (now - unservedUntil >= 0) {
      finish(isUnknown ? work.unknown("no node serves now that could tell") : UNSERVED);
    } else {
      ringIn(PAUSE_NANOS_MIN << Math.min(pauses, PAUSE_DOUBLINGS_MAX));
      pauses++;
    }
  }

  private void ringIn(long nanos) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    alarm = loop.schedule(this::goOn, Math.min(nanos, nanosLeft()), TimeUnit.NANOSECONDS);
  }

  private void goOn() {
    if (reply.isDone()) {
      return;
    }
    if (nanosLeft() <= 0) {
      expire();
    } else if (!isOpen) {
      begin();
    } else if (isInVain()) {
      endReplicaRead();
      lost();
    } else {
      ringIn(WATCH_NANOS);
    }
  }

  /**
   * Whether the open attempt's node serves no more: it may be dead, and its connection not. One
   * that was chosen for its replicas never had to serve.
   */
  private boolean isInVain() {
    if (target == null) {
      return false;
    }
    if (isReplicaRead) {
      return !forwarding.replicas().isThere(target);
    }
    ServingNode serving = forwarding.servingNode();
    return serving.isHere() || serving.elsewhere().filter(node -> !node.equals(target)).isPresent();
  }

  /** An open attempt goes on after the deadline and counts until it ends. */
  private void expire() {
    if (isOpen) {
      reply.complete(overdue());
    } else {
      finish(overdue());
    }
  }

  private Failure overdue() {
    return work.isChange() && (isOpen || isUnknown)
        ? work.unknown("the deadline passed")
        : Calls.DEADLINE;
  }

  private void finish(Reply ended) {
    if (alarm != null) {
      alarm.cancel(false);
    }
    work.ended(ended);
    reply.complete(ended);
  }

  private long nanosLeft() {
    return deadline - System.nanoTime();
  }
}

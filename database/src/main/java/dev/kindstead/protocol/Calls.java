package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.admission.Gate;
import dev.kindstead.admission.Gates;
import dev.kindstead.admission.RequestMemory;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs one call whatever brought it: admission, deadline, decoding, handler, metrics. A call that
 * another node serves goes there. Thread-safe; called on the event loop, where a call that needs no
 * waiting also ends.
 */
final class Calls {
  static final Failure DEADLINE =
      new Failure(Code.DEADLINE_EXCEEDED, "the deadline passed before the request was served");
  private static final Failure BUSY =
      new Failure(Code.RESOURCE_EXHAUSTED, "too many requests in flight, please try again later");

  private final Handlers handlers;
  private final Gates gates;
  private final EventLoopGroup loops;
  private final TransportLimits limits;
  private final Forwarding forwarding;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final RequestMemory memory;
  private final RpcMetrics metrics;

  /**
   * @param loops where calls go on that had to wait for their turn
   */
  Calls(
      Handlers handlers,
      Gates gates,
      EventLoopGroup loops,
      TransportLimits limits,
      Forwarding forwarding,
      MeterRegistry registry) {
    this.handlers = handlers;
    this.gates = gates;
    this.loops = loops;
    this.limits = limits;
    this.forwarding = forwarding;
    this.memory = new RequestMemory(Runtime.getRuntime().maxMemory(), limits.requestBytesMax());
    this.metrics = new RpcMetrics(registry, inFlight);
  }

  /**
   * A client's call. Never ends exceptionally.
   *
   * @param project the project in the URL, null for gRPC
   * @param nanosLeft until the client's deadline, {@link Long#MAX_VALUE} for none
   */
  CompletableFuture<Reply> start(
      ServiceRequestContext context,
      Rpc rpc,
      RequestBody body,
      @Nullable String project,
      long nanosLeft) {
    long begun = System.nanoTime();
    Failure refusal = refusal(body, nanosLeft);
    if (refusal != null) {
      metrics.record(rpc, refusal, System.nanoTime() - begun);
      return CompletableFuture.completedFuture(refusal);
    }
    if (!forwarding.servingNode().isHere()) {
      return pending(context, rpc, body.kept(), project, nanosLeft, begun).start();
    }
    CompletableFuture<Answer> answer = handle(rpc, body, project, deadline(begun, nanosLeft));
    Reply known = known(answer);
    return known != null
        ? CompletableFuture.completedFuture(ended(rpc, body, known, begun))
        : pending(context, rpc, body, project, nanosLeft, begun).begunHere(answer);
  }

  /** Null when it is to be waited for, here or elsewhere. */
  private static @Nullable Reply known(CompletableFuture<Answer> answer) {
    return switch (answer.state()) {
      case SUCCESS -> answer.resultNow();
      case FAILED ->
          Failure.cause(answer.exceptionNow()) instanceof NotServedException
              ? null
              : Failure.of(answer.exceptionNow());
      case RUNNING, CANCELLED -> null;
    };
  }

  private PendingCall pending(
      ServiceRequestContext context,
      Rpc rpc,
      RequestBody body,
      @Nullable String project,
      long nanosLeft,
      long begun) {
    long deadline = deadline(begun, nanosLeft);
    return new PendingCall(
        new DataCall(this, rpc, body, project, begun, deadline),
        forwarding,
        context.eventLoop().withoutContext(),
        deadline);
  }

  private long deadline(long begun, long nanosLeft) {
    return begun + Math.min(nanosLeft, limits.requestTimeMax().toNanos());
  }

  /**
   * A call that another node forwards: it is not forwarded again, that node keeps its time, and
   * counts it, once. Ends with {@link NotServedException} when this node does not serve.
   */
  CompletableFuture<Answer> serve(Rpc rpc, ForwardedCall call) {
    if (!forwarding.servingNode().isHere() && !call.isOldRead(rpc)) {
      return CompletableFuture.failedFuture(new NotServedException("served elsewhere"));
    }
    Failure refusal = refusal(call, call.nanosLeft());
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal(refusal));
    }
    long deadline = deadline(System.nanoTime(), call.nanosLeft());
    return handle(rpc, call, call.project(), deadline).whenComplete((_, _) -> release(call));
  }

  /** Null when it is taken, which {@link #release} ends. */
  private @Nullable Failure refusal(Decoding body, long nanosLeft) {
    if (nanosLeft <= 0) {
      return DEADLINE;
    }
    if (inFlight.incrementAndGet() <= limits.requestsInFlightMax()
        && memory.tryTake(body.length())) {
      return null;
    }
    inFlight.decrementAndGet();
    return BUSY;
  }

  private void release(Decoding body) {
    memory.giveBack(body.length());
    inFlight.decrementAndGet();
  }

  /**
   * Serves it here, when its turn has come. Every failure comes through the future.
   *
   * @param deadline by System.nanoTime
   */
  CompletableFuture<Answer> handle(
      Rpc rpc, Decoding body, @Nullable String project, long deadline) {
    Gate gate = gates.gate(rpc.cost());
    if (gate.tryEnter()) {
      return inside(gate, rpc, body, project);
    }
    var answer = new CompletableFuture<Answer>();
    try {
      CallOrigin origin = body.origin(rpc);
      gate.await(
          new WaitingCall(
              origin,
              origin.sharer(project),
              deadline,
              loops,
              () -> inside(gate, rpc, body, project),
              answer));
    } catch (InvalidProtocolBufferException | RuntimeException malformed) {
      answer.completeExceptionally(malformed);
    }
    return answer;
  }

  private CompletableFuture<Answer> inside(
      Gate gate, Rpc rpc, Decoding body, @Nullable String project) {
    CompletableFuture<Answer> answer = begun(rpc, body, project);
    if (answer.isDone()) {
      gate.leave();
    } else {
      answer.whenComplete((_, _) -> gate.leave());
    }
    return answer;
  }

  private CompletableFuture<Answer> begun(Rpc rpc, Decoding body, @Nullable String project) {
    try {
      return handlers.handle(rpc, body.decode(rpc.request()), project);
    } catch (Throwable refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Ends a call of {@link #start}. */
  Reply ended(Rpc rpc, RequestBody body, Reply reply, long begun) {
    release(body);
    metrics.record(rpc, reply, System.nanoTime() - begun);
    return reply;
  }

  /** For an endpoint that finds the request unusable before there is a call. */
  static DatastoreException refusal(Failure failure) {
    return new DatastoreException(failure.code(), failure.message());
  }
}

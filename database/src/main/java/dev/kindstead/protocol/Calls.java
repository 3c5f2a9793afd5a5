package dev.kindstead.protocol;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import io.micrometer.core.instrument.MeterRegistry;
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
      new Failure(Code.UNAVAILABLE, "too many requests in flight, please try again");

  private final Handlers handlers;
  private final TransportLimits limits;
  private final Forwarding forwarding;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final RpcMetrics metrics;

  Calls(Handlers handlers, TransportLimits limits, Forwarding forwarding, MeterRegistry registry) {
    this.handlers = handlers;
    this.limits = limits;
    this.forwarding = forwarding;
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
    if (inFlight.incrementAndGet() > limits.requestsInFlightMax()) {
      return CompletableFuture.completedFuture(ended(rpc, BUSY, begun));
    }
    if (nanosLeft <= 0) {
      return CompletableFuture.completedFuture(ended(rpc, DEADLINE, begun));
    }
    if (!forwarding.servingNode().isHere()) {
      return pending(context, rpc, body.kept(), project, nanosLeft, begun).start();
    }
    CompletableFuture<Answer> answer = handle(rpc, body, project);
    Reply known = known(answer);
    return known != null
        ? CompletableFuture.completedFuture(ended(rpc, known, begun))
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
    return new PendingCall(
        new DataCall(this, rpc, body, project, begun),
        forwarding,
        context.eventLoop().withoutContext(),
        begun + Math.min(nanosLeft, limits.requestTimeMax().toNanos()));
  }

  /**
   * A call that another node forwards: it is not forwarded again, that node keeps its time, and
   * counts it, once. Ends with {@link NotServedException} when this node does not serve.
   */
  CompletableFuture<Answer> serve(Rpc rpc, ForwardedCall call) {
    if (!forwarding.servingNode().isHere() && !call.isOldRead(rpc)) {
      return CompletableFuture.failedFuture(new NotServedException("served elsewhere"));
    }
    CompletableFuture<Answer> answer =
        inFlight.incrementAndGet() > limits.requestsInFlightMax()
            ? CompletableFuture.failedFuture(refusal(BUSY))
            : call.nanosLeft() <= 0
                ? CompletableFuture.failedFuture(refusal(DEADLINE))
                : handle(rpc, call, call.project());
    return answer.whenComplete((_, _) -> inFlight.decrementAndGet());
  }

  /** Every failure comes through the future. */
  CompletableFuture<Answer> handle(Rpc rpc, Decoding body, @Nullable String project) {
    try {
      return handlers.handle(rpc, body.decode(rpc.request()), project);
    } catch (Throwable refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Ends a call of {@link #start}. */
  Reply ended(Rpc rpc, Reply reply, long begun) {
    inFlight.decrementAndGet();
    metrics.record(rpc, reply, System.nanoTime() - begun);
    return reply;
  }

  /** For an endpoint that finds the request unusable before there is a call. */
  static DatastoreException refusal(Failure failure) {
    return new DatastoreException(failure.code(), failure.message());
  }
}

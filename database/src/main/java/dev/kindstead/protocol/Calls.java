package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs one call whatever brought it: admission, deadline, decoding, handler, metrics. Thread-safe;
 * called on the event loop, where a call that needs no waiting also ends.
 */
final class Calls {
  private static final Failure DEADLINE =
      new Failure(Code.DEADLINE_EXCEEDED, "the deadline passed before the request was served");
  private static final Failure OUTCOME_UNKNOWN =
      new Failure(Code.INTERNAL, "commit outcome unknown: the deadline passed");
  private static final Failure BUSY =
      new Failure(Code.UNAVAILABLE, "too many requests in flight, please try again");

  private final Handlers handlers;
  private final TransportLimits limits;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final RpcMetrics metrics;

  Calls(Handlers handlers, TransportLimits limits, MeterRegistry registry) {
    this.handlers = handlers;
    this.limits = limits;
    this.metrics = new RpcMetrics(registry, inFlight);
  }

  /** Takes the request message out of its envelope. */
  interface Decoding {
    Message decode() throws InvalidProtocolBufferException;
  }

  /**
   * Never ends exceptionally.
   *
   * @param project the project in the URL, null for gRPC
   * @param nanosLeft until the client's deadline, {@link Long#MAX_VALUE} for none
   */
  CompletableFuture<Reply> start(
      ServiceRequestContext context,
      Rpc rpc,
      Decoding decoding,
      @Nullable String project,
      long nanosLeft) {
    long begun = System.nanoTime();
    if (inFlight.incrementAndGet() > limits.requestsInFlightMax()) {
      return CompletableFuture.completedFuture(ended(rpc, BUSY, begun));
    }
    CompletableFuture<Answer> work;
    try {
      if (nanosLeft <= 0) {
        return CompletableFuture.completedFuture(ended(rpc, DEADLINE, begun));
      }
      work = handlers.handle(rpc, decoding.decode(), project);
    } catch (Throwable e) {
      return CompletableFuture.completedFuture(ended(rpc, Failure.of(e), begun));
    }
    CompletableFuture<Reply> reply =
        work.handle(
            (answer, failure) -> ended(rpc, failure == null ? answer : Failure.of(failure), begun));
    return reply.isDone() ? reply : withDeadline(context, rpc, reply, nanosLeft);
  }

  private Reply ended(Rpc rpc, Reply reply, long begun) {
    inFlight.decrementAndGet();
    metrics.record(rpc, reply, System.nanoTime() - begun);
    return reply;
  }

  /** The work goes on after the deadline and counts as in flight until it ends. */
  private CompletableFuture<Reply> withDeadline(
      ServiceRequestContext context, Rpc rpc, CompletableFuture<Reply> work, long nanosLeft) {
    long nanos = Math.min(nanosLeft, limits.requestTimeMax().toNanos());
    var first = new CompletableFuture<Reply>();
    var alarm =
        context
            .eventLoop()
            .withoutContext()
            .schedule(
                () -> first.complete(rpc == Rpc.COMMIT ? OUTCOME_UNKNOWN : DEADLINE),
                nanos,
                TimeUnit.NANOSECONDS);
    work.thenAccept(reply -> {
      alarm.cancel(false);
      first.complete(reply);
    });
    return first;
  }

  /** For an endpoint that finds the request unusable before there is a call. */
  static DatastoreException refusal(Failure failure) {
    return new DatastoreException(failure.code(), failure.message());
  }
}

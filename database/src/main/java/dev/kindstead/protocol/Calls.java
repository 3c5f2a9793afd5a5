package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.admission.Gate;
import dev.kindstead.admission.Gates;
import dev.kindstead.admission.RequestMemory;
import dev.kindstead.admission.SharedAmount;
import dev.kindstead.admission.SharedAmount.Share;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs one call whatever brought it: admission, deadline, decoding, handler, metrics. A call that
 * another node serves goes there. Thread-safe; called on the event loop, where a call that needs no
 * waiting also ends.
 */
final class Calls {
  static final Failure DEADLINE = Failure.of(DatastoreException.deadlinePassed());
  private static final Failure BUSY =
      new Failure(Code.RESOURCE_EXHAUSTED, "too many requests in flight, please try again later");

  private final Handlers handlers;
  private final Gates gates;
  private final EventLoopGroup loops;
  private final TransportLimits limits;
  private final Forwarding forwarding;
  private final SharedAmount inFlight;
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
    this.inFlight = new SharedAmount(limits.requestsInFlightMax());
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
    Admitted admitted = admitted(rpc, body, project, nanosLeft);
    if (admitted == null) {
      Failure refusal = whyNot(nanosLeft);
      metrics.record(rpc, refusal, System.nanoTime() - begun);
      return CompletableFuture.completedFuture(refusal);
    }
    long deadline = deadline(begun, nanosLeft);
    if (!forwarding.servingNode().isHere()) {
      var call = new DataCall(this, context, rpc, body.kept(), project, admitted, begun, deadline);
      return pending(call).start();
    }
    CompletableFuture<Answer> answer = handle(context, rpc, body, project, deadline);
    Reply known = known(answer);
    return known != null
        ? CompletableFuture.completedFuture(ended(rpc, body, admitted, known, begun))
        : pending(new DataCall(this, context, rpc, body, project, admitted, begun, deadline))
            .begunHere(answer);
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

  private PendingCall pending(DataCall call) {
    EventLoop loop = call.client().eventLoop().withoutContext();
    return new PendingCall(call, forwarding, loop, call.deadline());
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
    Admitted admitted = admitted(rpc, call, call.project(), call.nanosLeft());
    if (admitted == null) {
      return CompletableFuture.failedFuture(refusal(whyNot(call.nanosLeft())));
    }
    long deadline = deadline(System.nanoTime(), call.nanosLeft());
    return handle(null, rpc, call, call.project(), deadline)
        .whenComplete((_, _) -> release(call, admitted));
  }

  /** What a call takes up until {@link #release}. */
  record Admitted(Share place, Share memory) {
    /** While there is plenty. */
    private static final Admitted FREELY =
        new Admitted(Share.OF_THE_FIRST_HALF, Share.OF_THE_FIRST_HALF);
  }

  /** Null when there is no time or no room for it: {@link #whyNot}. */
  private @Nullable Admitted admitted(
      Rpc rpc, Decoding body, @Nullable String project, long nanosLeft) {
    if (nanosLeft <= 0) {
      return null;
    }
    if (inFlight.tryTakeFreely(1)) {
      if (memory.tryTakeFreely(body.length())) {
        return Admitted.FREELY;
      }
      inFlight.giveBack(Share.OF_THE_FIRST_HALF, 1);
    }
    return admitted(body.length(), database(rpc, body, project));
  }

  private static Failure whyNot(long nanosLeft) {
    return nanosLeft <= 0 ? DEADLINE : BUSY;
  }

  private @Nullable Admitted admitted(int length, String database) {
    Share place = inFlight.tryTake(1, database);
    if (place == null) {
      return null;
    }
    Share bytes = memory.tryTake(length, database);
    if (bytes == null) {
      inFlight.giveBack(place, 1);
      return null;
    }
    return new Admitted(place, bytes);
  }

  private static String database(Rpc rpc, Decoding body, @Nullable String project) {
    try {
      return body.origin(rpc).sharer(project);
    } catch (InvalidProtocolBufferException | RuntimeException malformed) {
      return ""; // what is wrong with it is said when it is decoded
    }
  }

  private void release(Decoding body, Admitted admitted) {
    memory.giveBack(admitted.memory(), body.length());
    inFlight.giveBack(admitted.place(), 1);
  }

  /**
   * Serves it here, when its turn has come, unless nobody waits for it any more. Every failure
   * comes through the future.
   *
   * @param client who waits for it; null for another node, whose client's end is not told
   * @param deadline by System.nanoTime
   */
  CompletableFuture<Answer> handle(
      @Nullable ServiceRequestContext client,
      Rpc rpc,
      Decoding body,
      @Nullable String project,
      long deadline) {
    Gate gate = gates.gate(rpc.cost());
    if (gate.tryEnter()) {
      return inside(gate, client, rpc, body, project, deadline);
    }
    var answer = new CompletableFuture<Answer>();
    try {
      CallOrigin origin = body.origin(rpc);
      Runnable withdrawal =
          gate.await(
              new WaitingCall(
                  origin,
                  origin.sharer(project),
                  deadline,
                  () -> isGone(client),
                  gate,
                  loops,
                  () -> inside(gate, client, rpc, body, project, deadline),
                  answer));
      if (client != null) {
        var unused = client.whenRequestCancelled().thenRun(withdrawal);
      }
    } catch (InvalidProtocolBufferException | RuntimeException malformed) {
      answer.completeExceptionally(malformed);
    }
    return answer;
  }

  private static boolean isGone(@Nullable ServiceRequestContext client) {
    return client != null && client.isCancelled();
  }

  private CompletableFuture<Answer> inside(
      Gate gate,
      @Nullable ServiceRequestContext client,
      Rpc rpc,
      Decoding body,
      @Nullable String project,
      long deadline) {
    CompletableFuture<Answer> answer = begun(rpc, body, project, deadline);
    if (answer.isDone()) {
      gate.leave();
      return answer;
    }
    return answer.whenComplete((told, _) -> {
      gate.leave();
      boolean isLate = System.nanoTime() - deadline >= 0;
      if (told != null && (isLate || isGone(client)) && handlers.unheard(told)) {
        // Before anybody is told: nobody must go on with what is over.
        throw isLate ? DatastoreException.deadlinePassed() : DatastoreException.clientGone();
      }
    });
  }

  private CompletableFuture<Answer> begun(
      Rpc rpc, Decoding body, @Nullable String project, long deadline) {
    try {
      return handlers.handle(rpc, body.decode(rpc.request()), project, deadline);
    } catch (Throwable refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Ends a call of {@link #start}. */
  Reply ended(Rpc rpc, RequestBody body, Admitted admitted, Reply reply, long begun) {
    release(body, admitted);
    metrics.record(rpc, reply, System.nanoTime() - begun);
    return reply;
  }

  /** For an endpoint that finds the request unusable before there is a call. */
  static DatastoreException refusal(Failure failure) {
    return new DatastoreException(failure.code(), failure.message());
  }
}

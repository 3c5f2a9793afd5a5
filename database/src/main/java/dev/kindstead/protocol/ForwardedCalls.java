package dev.kindstead.protocol;

import dev.kindstead.administration.AdminMethod;
import dev.kindstead.environment.Network;
import dev.kindstead.model.Code;
import dev.kindstead.model.NotServedException;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls that other nodes forward to this one. Thread-safe.
 *
 * <p><b>Invariant.</b> A call is refused, or answered as not served, only when nothing of it is
 * done or will be: the other node then tries again.
 */
final class ForwardedCalls implements Network.Handler {
  private static final int ANSWER_BYTES_MAX =
      Network.PAYLOAD_BYTES_MAX - ForwardedReply.ANSWER_HEADER_BYTES;

  private final Calls calls;
  private final @Nullable AdminEndpoint administration;
  private final EventLoopGroup loops;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private volatile boolean isDraining;

  /**
   * @param administration null when the admin API is not served
   * @param loops where calls run, as those do that clients bring: the network's threads carry more
   *     than calls, and may be few
   */
  ForwardedCalls(Calls calls, @Nullable AdminEndpoint administration, EventLoopGroup loops) {
    this.calls = calls;
    this.administration = administration;
    this.loops = loops;
  }

  @Override
  public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
    long arrivedNanos = System.nanoTime();
    ForwardedCall call;
    Served served;
    try {
      call = ForwardedCall.read(request);
      served = served(call);
    } catch (ForwardedCall.MalformedException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    inFlight.incrementAndGet();
    var reply = new CompletableFuture<byte[]>();
    if (isDraining) {
      end(reply, ForwardedReply.notServed());
      return reply;
    }
    try {
      loops
          .next()
          .execute(() ->
              served
                  .begin(call.after(System.nanoTime() - arrivedNanos))
                  .whenComplete((answer, failure) -> end(reply, encoded(call, answer, failure))));
    } catch (RejectedExecutionException stopped) {
      end(reply, ForwardedReply.notServed());
    }
    return reply;
  }

  /** How a call is served; what it begins never throws. */
  private interface Served {
    CompletableFuture<Answer> begin(ForwardedCall call);
  }

  private Served served(ForwardedCall call) {
    Rpc rpc = Rpc.ofVerb(call.method());
    if (rpc != null) {
      return it -> calls.serve(rpc, it);
    }
    AdminEndpoint endpoint = administration;
    if (endpoint != null) {
      for (AdminMethod method : AdminMethod.values()) {
        if (method.path().equals(call.method())) {
          return it -> endpoint.serve(method, it);
        }
      }
    }
    throw new ForwardedCall.MalformedException("there is no method " + call.method());
  }

  private static byte[] encoded(
      ForwardedCall call, @Nullable Answer answer, @Nullable Throwable failure) {
    if (failure != null && Failure.cause(failure) instanceof NotServedException) {
      return ForwardedReply.notServed();
    }
    try {
      Reply reply = Reply.of(answer, failure);
      return ForwardedReply.encode(
          answer != null && answer.size() > ANSWER_BYTES_MAX ? tooLarge(call, answer) : reply);
    } catch (RuntimeException unwritable) {
      // A refusal would say: not done.
      return ForwardedReply.encode(unsent(call, Failure.of(unwritable).message()));
    }
  }

  /** The network would refuse it. */
  private static Failure tooLarge(ForwardedCall call, Answer answer) {
    return unsent(call, "the answer has %d bytes, too many between nodes".formatted(answer.size()));
  }

  /** The call has ended, and its answer can't be told. */
  private static Failure unsent(ForwardedCall call, String why) {
    boolean isCommit = Rpc.ofVerb(call.method()) == Rpc.COMMIT;
    return new Failure(Code.INTERNAL, isCommit ? "commit outcome unknown: " + why : why);
  }

  private void end(CompletableFuture<byte[]> reply, byte[] bytes) {
    reply.complete(bytes);
    if (inFlight.decrementAndGet() == 0 && isDraining) {
      drained.complete(null);
    }
  }

  /** Serves no further calls; ends when those in flight have ended or waited enough. */
  CompletableFuture<Void> drain(Duration timeMax) {
    isDraining = true;
    if (inFlight.get() == 0) {
      drained.complete(null);
    }
    return drained.completeOnTimeout(null, timeMax.toMillis(), TimeUnit.MILLISECONDS);
  }
}

package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Service;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Calls of this node to itself: no socket, else as if there were one. Handlers are called in order
 * on the loop, and what hangs on answers runs there.
 */
final class SelfCalls {
  private final EventLoop loop;
  private final Clock clock;
  private final Services services;
  private final Backlog backlog = new Backlog();
  private final LoopQueue<OutgoingCall> calls;
  private final String nodeId;
  private final Outstanding outstanding;
  private boolean closed;

  SelfCalls(String nodeId, EventLoop loop, Clock clock, Services services) {
    this.nodeId = nodeId;
    this.loop = loop;
    this.clock = clock;
    this.services = services;
    calls = new LoopQueue<>(loop, this::take, call -> call.undelivered("this node stops"));
    outstanding = new Outstanding(loop, clock, nodeId);
  }

  CompletableFuture<byte[]> call(Service service, byte[] request, Duration timeout) {
    if (!backlog.admit(request.length)) {
      return CompletableFuture.failedFuture(new NotDelivered("too much is under way here"));
    }
    var answer = new CompletableFuture<byte[]>();
    long deadline = clock.monotonicNanos() + timeout.toNanos();
    calls.add(new OutgoingCall(service, request, deadline, backlog, answer));
    return answer;
  }

  private void take() {
    for (OutgoingCall call = calls.poll(); call != null; call = calls.poll()) {
      if (closed) {
        call.undelivered("this node stops");
      } else {
        backlog.left(call.request().length);
        long requestId = outstanding.add(call);
        var unused =
            services
                .handle(call.service(), nodeId, call.request())
                .whenComplete((answer, failure) -> answered(requestId, answer, failure));
      }
    }
  }

  private void answered(long requestId, byte @Nullable [] answer, @Nullable Throwable failure) {
    if (!loop.inEventLoop()) {
      try {
        loop.execute(() -> answered(requestId, answer, failure));
      } catch (RejectedExecutionException e) {
        // The call ended when this node stopped.
      }
      return;
    }
    OutgoingCall call = outstanding.remove(requestId);
    if (call != null) {
      if (answer != null) {
        call.answered(answer);
      } else {
        call.refused(failure == null ? "no answer" : Services.message(failure));
      }
    }
  }

  /** Any thread. */
  void close() {
    loop.execute(() -> {
      closed = true;
      outstanding.loseAll("this node stops");
    });
  }
}

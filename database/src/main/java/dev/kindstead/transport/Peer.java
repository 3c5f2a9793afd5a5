package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.transport.DialledConnection.Destination;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another node, as this one calls it: connects on demand, and again after a connection was lost.
 * {@link #call} takes any thread, the rest is confined to the loop.
 */
final class Peer {
  private static final long BACK_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(Limits.BACK_OFF_MILLIS);

  /** An attempt to connect that failed. */
  private record Failure(NodeAddress address, String reason, long untilNanos) {}

  private final String nodeId;
  private final EventLoop loop;
  private final Clock clock;
  private final Addresses addresses;
  private final Dialler dialler;
  private final Backlog backlog = new Backlog();
  private final LoopQueue<OutgoingCall> calls;
  private final Queue<OutgoingCall> waiting = new ArrayDeque<>();
  private final Deadlines deadlines;

  private @Nullable DialledConnection connection;
  private @Nullable Failure failure;
  private boolean dialling;
  private boolean closed;

  Peer(String nodeId, EventLoop loop, Clock clock, Addresses addresses, Dialler dialler) {
    this.nodeId = nodeId;
    this.loop = loop;
    this.clock = clock;
    this.addresses = addresses;
    this.dialler = dialler;
    calls = new LoopQueue<>(loop, this::take, call -> call.undelivered("this node stops"));
    deadlines = new Deadlines(loop, clock, this::expire);
  }

  CompletableFuture<byte[]> call(Service service, byte[] request, Duration timeout) {
    if (!backlog.admit(request.length)) {
      return CompletableFuture.failedFuture(
          new NotDelivered("too much is under way to node " + nodeId));
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
      } else if (connection != null) {
        connection.send(call);
      } else {
        waiting.add(call);
        deadlines.watch(call.deadlineNanos());
        dial();
      }
    }
    if (connection != null) {
      connection.flush();
    }
  }

  private void dial() {
    if (dialling) {
      return;
    }
    NodeAddress address = addresses.of(nodeId);
    Failure last = failure;
    if (address == null) {
      failWaiting("no address of node " + nodeId + " is known");
    } else if (last != null
        && last.address.equals(address)
        && clock.monotonicNanos() - last.untilNanos < 0) {
      failWaiting(last.reason);
    } else {
      dialling = true;
      var destination = new Destination(address, nodeId, backlog::left);
      var unused =
          dialler
              .dial(loop, destination)
              .whenComplete((dialled, e) -> dialled(address, dialled, e));
    }
  }

  private void dialled(
      NodeAddress address, @Nullable DialledConnection dialled, @Nullable Throwable e) {
    dialling = false;
    if (dialled == null) {
      String reason = e == null ? "" : Services.message(e);
      failure = new Failure(address, reason, clock.monotonicNanos() + BACK_OFF_NANOS);
      failWaiting(reason);
      return;
    }
    failure = null;
    connection = dialled;
    for (OutgoingCall call = waiting.poll(); call != null; call = waiting.poll()) {
      dialled.send(call);
    }
    dialled.flush();
    var unused =
        dialled
            .gone()
            .thenRun(() -> {
              if (connection == dialled) {
                connection = null;
              }
            });
  }

  private void failWaiting(String reason) {
    for (OutgoingCall call = waiting.poll(); call != null; call = waiting.poll()) {
      call.undelivered(reason);
    }
  }

  private long expire(long now) {
    long left = Deadlines.NONE_LEFT;
    for (Iterator<OutgoingCall> each = waiting.iterator(); each.hasNext(); ) {
      OutgoingCall call = each.next();
      long nanos = call.deadlineNanos() - now;
      if (nanos <= 0) {
        each.remove();
        call.undelivered("no connection with node " + nodeId + " in time");
      } else {
        left = Math.min(left, nanos);
      }
    }
    return left;
  }

  /** Any thread. What is outstanding ends when its connection is closed. */
  void close() {
    loop.execute(() -> {
      closed = true;
      failWaiting("this node stops");
      if (connection != null) {
        connection.close("this node stops");
      }
    });
  }
}

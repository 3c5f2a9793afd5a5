package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls given to one connection that have no answer yet. Confined to the loop. */
final class Outstanding {
  private final LongObjectMap<OutgoingCall> calls = new LongObjectHashMap<>();
  private final Deadlines deadlines;
  private final String nodeId;
  private long lastRequestId;

  Outstanding(EventExecutor loop, Clock clock, String nodeId) {
    this.deadlines = new Deadlines(loop, clock, this::expire);
    this.nodeId = nodeId;
  }

  /** Answers the request's id. */
  long add(OutgoingCall call) {
    long requestId = ++lastRequestId;
    calls.put(requestId, call);
    deadlines.watch(call.deadlineNanos());
    return requestId;
  }

  /** Null if its time was over. */
  @Nullable OutgoingCall remove(long requestId) {
    return calls.remove(requestId);
  }

  void loseAll(String reason) {
    List<OutgoingCall> lost = List.copyOf(calls.values());
    calls.clear();
    lost.forEach(call -> call.lost(reason));
  }

  private long expire(long now) {
    long left = Deadlines.NONE_LEFT;
    List<Long> expired = new ArrayList<>();
    for (var each : calls.entries()) {
      long nanos = each.value().deadlineNanos() - now;
      if (nanos <= 0) {
        expired.add(each.key());
      } else {
        left = Math.min(left, nanos);
      }
    }
    for (long requestId : expired) {
      calls.remove(requestId).lost("node " + nodeId + " has not answered in time");
    }
    return left;
  }
}

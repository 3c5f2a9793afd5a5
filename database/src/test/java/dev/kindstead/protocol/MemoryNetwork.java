package dev.kindstead.protocol;

import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Nodes in one process. A test says what becomes of the next calls; the others arrive. */
final class MemoryNetwork implements AutoCloseable {
  enum Fate {
    ARRIVES,
    NOT_DELIVERED,
    /** The node does it, and the connection breaks before the answer is there. */
    ANSWER_LOST,
    /** The connection breaks before the request is there, but nobody can know that. */
    REQUEST_LOST,
    /** The node is dead, its connection not. */
    NO_ANSWER
  }

  record Sent(String from, String to) {}

  final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final Queue<Fate> fates = new ArrayDeque<>();
  private final Map<String, Network.Handler> handlers = new ConcurrentHashMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("network").unstarted(task));

  synchronized void next(Fate... inOrder) {
    fates.addAll(List.of(inOrder));
  }

  private synchronized Fate fate() {
    Fate fate = fates.poll();
    return fate == null ? Fate.ARRIVES : fate;
  }

  /** The network as this node sees it. */
  Network of(String nodeId) {
    return new Network() {
      @Override
      public CompletableFuture<byte[]> call(
          String to, Service service, byte[] request, Duration timeout) {
        var answer = new CompletableFuture<byte[]>();
        thread.execute(() -> MemoryNetwork.this.call(nodeId, to, request, answer));
        return answer
            .copy()
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionallyCompose(failure ->
                CompletableFuture.failedFuture(
                    failure instanceof TimeoutException ? new AnswerLost("no answer") : failure));
      }

      @Override
      public void serve(Service service, Handler handler) {
        handlers.put(nodeId, handler);
      }
    };
  }

  private void call(String from, String to, byte[] request, CompletableFuture<byte[]> answer) {
    sent.add(new Sent(from, to));
    Fate fate = fate();
    Network.Handler handler = handlers.get(to);
    if (fate == Fate.NOT_DELIVERED || handler == null) {
      answer.completeExceptionally(new Network.NotDelivered("not connected"));
    } else if (fate == Fate.REQUEST_LOST) {
      answer.completeExceptionally(new Network.AnswerLost("connection lost"));
    } else if (fate != Fate.NO_ANSWER) {
      handler
          .handle(from, request)
          .whenComplete((bytes, failure) -> {
            if (failure != null) {
              answer.completeExceptionally(new Network.Refused(String.valueOf(failure)));
            } else if (bytes.length > Network.PAYLOAD_BYTES_MAX) {
              answer.completeExceptionally(new Network.Refused("the answer is too large"));
            } else if (fate == Fate.ANSWER_LOST) {
              answer.completeExceptionally(new Network.AnswerLost("connection lost"));
            } else {
              answer.complete(bytes);
            }
          });
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}

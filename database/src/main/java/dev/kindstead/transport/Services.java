package dev.kindstead.transport;

import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.environment.Waiting;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's handlers. Thread-safe; calls them on the thread of the caller. */
final class Services {
  private static final Logger LOG = LoggerFactory.getLogger(Services.class);

  private final Map<Service, Handler> handlers = new ConcurrentHashMap<>();

  void serve(Service service, Handler handler) {
    handlers.put(service, handler);
  }

  /** Never throws: a failure is in the future. */
  CompletableFuture<byte[]> handle(@Nullable Service service, String fromNodeId, byte[] request) {
    Handler handler = service == null ? null : handlers.get(service);
    if (handler == null) {
      String name = service == null ? "of that kind" : service.name();
      return CompletableFuture.failedFuture(
          new IllegalStateException("this node has no service " + name + " yet"));
    }
    try {
      return handler.handle(fromNodeId, request);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Ends when all handlers are done with what came from the node; never with a failure. */
  CompletableFuture<Void> disconnected(String nodeId) {
    return CompletableFuture.allOf(
        handlers.entrySet().stream()
            .map(each -> disconnected(each.getKey(), each.getValue(), nodeId))
            .toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> disconnected(
      Service service, Handler handler, String nodeId) {
    CompletableFuture<Void> done;
    try {
      done = handler.disconnected(nodeId);
    } catch (RuntimeException | Error e) {
      done = CompletableFuture.failedFuture(e);
    }
    return done.exceptionally(failure -> {
      LOG.error("{} could not take that node {} is disconnected", service, nodeId, failure);
      return null;
    });
  }

  /** What the other side is told. */
  static String message(Throwable failure) {
    Throwable cause = Waiting.causeOf(failure);
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}

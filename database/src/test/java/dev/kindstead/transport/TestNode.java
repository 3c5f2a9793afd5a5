package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kindstead.environment.Network.CallException;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.environment.SystemClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node that notes what it hears. Texts ask for an answer: echo, never, fail. */
final class TestNode implements Handler, AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  final NodeTransport transport;
  private final String id;

  /** "a: text" for a request of node a, "a gone" for its connection's end. */
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  /** Ends when it is done with what came over connections that are lost. */
  volatile CompletableFuture<Void> doneWithLost = CompletableFuture.completedFuture(null);

  TestNode(String id) {
    this(id, "", null);
  }

  TestNode(String id, String clusterId) {
    this(id, clusterId, null);
  }

  TestNode(String id, String clusterId, @Nullable NodeTls tls) {
    this.id = id;
    var options = TransportOptions.of("127.0.0.1:0");
    transport =
        new NodeTransport(
            tls == null ? options : options.withTls(tls),
            () -> new Introduction(id, clusterId),
            new SystemClock(),
            Thread::startVirtualThread);
    transport.serve(Service.CALLS, this);
    transport.start().join();
  }

  String address() {
    return "127.0.0.1:" + transport.port();
  }

  TestNode knows(TestNode other) {
    transport.learn(other.id, other.address());
    return this;
  }

  @Override
  public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
    String text = new String(request, 0, Math.min(request.length, 100), UTF_8);
    heard.add(fromNodeId + ": " + text);
    return switch (text) {
      case "never" -> new CompletableFuture<>();
      case "fail" -> throw new IllegalStateException("no wish to");
      default -> CompletableFuture.completedFuture(request);
    };
  }

  @Override
  public CompletableFuture<Void> disconnected(String fromNodeId) {
    heard.add(fromNodeId + " gone");
    return doneWithLost;
  }

  /** Waits for the next thing noted. */
  String hears() throws InterruptedException {
    String next = heard.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return next == null ? "nothing" : next;
  }

  List<String> heardSoFar() {
    return List.copyOf(heard);
  }

  CompletableFuture<byte[]> call(String nodeId, String text) {
    return call(nodeId, text, PATIENCE);
  }

  CompletableFuture<byte[]> call(String nodeId, String text, Duration timeout) {
    return transport.call(nodeId, Service.CALLS, text.getBytes(UTF_8), timeout);
  }

  String answer(String nodeId, String text) {
    return new String(call(nodeId, text).join(), UTF_8);
  }

  /** How the call ends without an answer. */
  static CallException failure(CompletableFuture<?> call) {
    Throwable thrown = catchThrowable(() -> call.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    if (thrown != null && thrown.getCause() instanceof CallException failure) {
      return failure;
    }
    throw new AssertionError("no failure of a call", thrown);
  }

  @Override
  public void close() {
    transport.close();
  }
}

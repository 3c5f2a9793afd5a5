package dev.kindstead.replication;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequestHeader;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The receiving side of one node: hands each request to JRaft's processor of it. Thread-safe. */
final class RaftNetworkServer implements RpcServer {
  private final Map<String, RpcProcessor<Object>> processors = new ConcurrentHashMap<>();
  private final List<ConnectionClosedEventListener> closedListeners = new CopyOnWriteArrayList<>();
  private final Map<Object, RaftSession> sessions = new ConcurrentHashMap<>();
  private final Executor blocking;

  /**
   * @param blocking runs what may wait
   */
  RaftNetworkServer(Executor blocking) {
    this.blocking = blocking;
  }

  /** Delivers a request of the client {@code from}; {@code answer} gets the response. */
  void deliver(Object from, Object request, Consumer<Object> answer) {
    RpcProcessor<Object> processor = processors.get(request.getClass().getName());
    if (processor == null) {
      throw new IllegalArgumentException("no processor for " + request.getClass().getName());
    }
    RaftSession session = sessions.computeIfAbsent(from, this::session);
    Runnable task = () -> processor.handleRequest(new Call(session, answer), request);
    Executor lane = laneFor(processor, request);
    if (lane != null) {
      session.execute(lane, task);
    } else {
      Executor any = processor.executor();
      (any == null ? blocking : any).execute(task);
    }
  }

  private RaftSession session(Object from) {
    return new RaftSession(from, closing -> end(from, closing));
  }

  /** Entries of one leader go through one thread, in order: JRaft numbers their answers. */
  private static @Nullable Executor laneFor(RpcProcessor<Object> processor, Object request) {
    if (processor.executorSelector() != null && request instanceof AppendEntriesRequest append) {
      var header =
          AppendEntriesRequestHeader.newBuilder()
              .setGroupId(append.getGroupId())
              .setServerId(append.getServerId())
              .setPeerId(append.getPeerId())
              .build();
      return processor.executorSelector().select(request.getClass().getName(), header);
    }
    return null;
  }

  /**
   * The client is gone, or has lost its connection: JRaft forgets the order of its answers. Ends
   * when it has; until then nothing is to be delivered of the client.
   */
  CompletableFuture<Void> disconnect(Object from) {
    RaftSession session = sessions.get(from);
    return session == null ? CompletableFuture.completedFuture(null) : session.end();
  }

  /**
   * On a thread that may wait, which JRaft does: for the end of the threads that the entries went
   * through, while it holds what their tasks may want. Nothing is left there to run by now.
   */
  private CompletableFuture<Void> end(Object from, RaftSession session) {
    return session
        .idle()
        .thenRunAsync(
            () -> closedListeners.forEach(each -> each.onClosed(session.name(), session)), blocking)
        .whenComplete((_, _) -> sessions.remove(from, session));
  }

  @Override
  @SuppressWarnings("unchecked") // JRaft pairs a processor with the class that it names.
  public void registerProcessor(RpcProcessor<?> processor) {
    processors.put(processor.interest(), (RpcProcessor<Object>) processor);
  }

  @Override
  public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
    closedListeners.add(listener);
  }

  @Override
  public boolean init(@Nullable Void unused) {
    return true;
  }

  @Override
  public void shutdown() {
    for (Object from : List.copyOf(sessions.keySet())) {
      var unused = disconnect(from);
    }
  }

  @Override
  public int boundPort() {
    return 0;
  }

  @Override
  public boolean isStarted() {
    return true;
  }

  private record Call(RaftSession session, Consumer<Object> answer) implements RpcContext {
    @Override
    public void sendResponse(Object response) {
      answer.accept(response);
    }

    @Override
    public Connection getConnection() {
      return session;
    }

    @Override
    public String getRemoteAddress() {
      return session.name();
    }
  }
}

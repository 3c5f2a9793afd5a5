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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The receiving side of one node: hands each request to JRaft's processor of it. Thread-safe. */
final class RaftNetworkServer implements RpcServer {
  private final Map<String, RpcProcessor<Object>> processors = new ConcurrentHashMap<>();
  private final List<ConnectionClosedEventListener> closedListeners = new CopyOnWriteArrayList<>();
  private final Map<Object, Session> sessions = new ConcurrentHashMap<>();

  /** Delivers a request of the client {@code from}; {@code answer} gets the response. */
  void deliver(Object from, Object request, Consumer<Object> answer) {
    RpcProcessor<Object> processor = processors.get(request.getClass().getName());
    if (processor == null) {
      throw new IllegalArgumentException("no processor for " + request.getClass().getName());
    }
    Session session = sessions.computeIfAbsent(from, Session::new);
    Executor executor = executorFor(processor, request);
    executor.execute(() -> processor.handleRequest(new Call(session, answer), request));
  }

  /** Entries of one leader go through one thread, in order: JRaft numbers their answers. */
  private static Executor executorFor(RpcProcessor<Object> processor, Object request) {
    Executor selected = null;
    if (processor.executorSelector() != null && request instanceof AppendEntriesRequest append) {
      var header =
          AppendEntriesRequestHeader.newBuilder()
              .setGroupId(append.getGroupId())
              .setServerId(append.getServerId())
              .setPeerId(append.getPeerId())
              .build();
      selected = processor.executorSelector().select(request.getClass().getName(), header);
    } else {
      selected = processor.executor();
    }
    return selected == null ? Runnable::run : selected;
  }

  /** The client is gone, or has lost its connection: JRaft forgets the order of its answers. */
  void disconnect(Object from) {
    Session session = sessions.remove(from);
    if (session != null) {
      closedListeners.forEach(listener -> listener.onClosed(session.name, session));
    }
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
    List.copyOf(sessions.keySet()).forEach(this::disconnect);
  }

  @Override
  public int boundPort() {
    return 0;
  }

  @Override
  public boolean isStarted() {
    return true;
  }

  /** What JRaft takes for a connection: it hangs the state of one leader's stream on it. */
  private final class Session implements Connection {
    private final Object from;
    private final String name;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();

    Session(Object from) {
      this.from = from;
      this.name = "session-" + System.identityHashCode(from);
    }

    @Override
    public @Nullable Object getAttribute(String key) {
      return attributes.get(key);
    }

    @Override
    public void setAttribute(String key, Object value) {
      attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(String key, Object value) {
      return attributes.putIfAbsent(key, value);
    }

    @Override
    public void close() {
      disconnect(from);
    }
  }

  private record Call(Session session, Consumer<Object> answer) implements RpcContext {
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
      return session.name;
    }
  }
}

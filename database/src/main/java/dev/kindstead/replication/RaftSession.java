package dev.kindstead.replication;

import com.alipay.sofa.jraft.rpc.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What JRaft takes for a connection: it hangs the state of one leader's streams on it. The entries
 * of each stream go through a lane, a thread of JRaft's.
 *
 * <p>Thread-safe.
 *
 * <p><b>Invariant.</b> Once its end has begun, nothing new gets into a lane for it.
 */
final class RaftSession implements Connection {
  /** A lane that is busy for longer is given up: its disk stands still. */
  private static final Duration IDLE_WAIT_MAX = Duration.ofSeconds(2);

  private final String name;
  private final Function<RaftSession, CompletableFuture<Void>> ending;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();
  private final Set<Executor> lanes = ConcurrentHashMap.newKeySet();
  private @Nullable CompletableFuture<Void> ended;

  /**
   * @param ending called once
   */
  RaftSession(Object from, Function<RaftSession, CompletableFuture<Void>> ending) {
    name = "session-" + System.identityHashCode(from);
    this.ending = ending;
  }

  String name() {
    return name;
  }

  /** Has a task run behind all before it in its lane. */
  synchronized void execute(Executor lane, Runnable task) {
    if (ended != null) {
      throw new IllegalStateException("the connection is being closed");
    }
    lanes.add(lane);
    lane.execute(task);
  }

  synchronized CompletableFuture<Void> end() {
    CompletableFuture<Void> begun = ended;
    if (begun == null) {
      begun = ending.apply(this);
      ended = begun;
    }
    return begun;
  }

  /** Ends when nothing of this session is left in any lane, or after {@link #IDLE_WAIT_MAX}. */
  CompletableFuture<Void> idle() {
    return CompletableFuture.allOf(
            lanes.stream().map(RaftSession::idle).toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, IDLE_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static CompletableFuture<Void> idle(Executor lane) {
    try {
      return CompletableFuture.runAsync(() -> {}, lane);
    } catch (RejectedExecutionException ended) {
      return CompletableFuture.completedFuture(null);
    }
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

  /** As JRaft asks for it, perhaps in a lane: it does not wait. */
  @Override
  public void close() {
    var unused = end();
  }
}

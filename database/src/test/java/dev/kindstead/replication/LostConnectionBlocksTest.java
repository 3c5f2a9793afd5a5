package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * JRaft waits for the threads of a lost connection while it holds what their tasks want. Where that
 * is done with tasks left, on the thread that carries all traffic between nodes, both stand still
 * until it gives up: real faults, overload with connections that break.
 */
@Timeout(10)
final class LostConnectionBlocksTest {
  private static final Object CLIENT = "a node";

  private final Queue<Runnable> lane = new ArrayDeque<>();
  private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
  private final RaftNetworkServer server = new RaftNetworkServer(Thread::startVirtualThread);

  private final class Appends implements RpcProcessor<AppendEntriesRequest> {
    @Override
    public void handleRequest(RpcContext context, AppendEntriesRequest request) {
      happened.add("entries");
    }

    @Override
    public String interest() {
      return AppendEntriesRequest.class.getName();
    }

    @Override
    public ExecutorSelector executorSelector() {
      return (_, _) -> lane::add;
    }
  }

  LostConnectionBlocksTest() {
    server.registerProcessor(new Appends());
    server.registerConnectionClosedEventListener((_, _) -> happened.add("closed"));
  }

  private void deliver() {
    AppendEntriesRequest request =
        AppendEntriesRequest.newBuilder()
            .setGroupId("g")
            .setServerId("a")
            .setPeerId("b")
            .setTerm(1)
            .setPrevLogTerm(1)
            .setPrevLogIndex(1)
            .setCommittedIndex(1)
            .build();
    server.deliver(CLIENT, request, _ -> {});
  }

  private void runLane() {
    for (Runnable task = lane.poll(); task != null; task = lane.poll()) {
      task.run();
    }
  }

  @Test
  void itIsClosedWhenNothingIsLeftToDo() throws Exception {
    deliver();
    var closed = server.disconnect(CLIENT);
    assertThat(closed).isNotDone();
    runLane();
    closed.get(5, TimeUnit.SECONDS);
    assertThat(happened).containsExactly("entries", "closed");
  }

  @Test
  void nothingIsTakenUntilThen() throws Exception {
    deliver();
    var closed = server.disconnect(CLIENT);
    assertThatThrownBy(this::deliver).isInstanceOf(IllegalStateException.class);
    runLane();
    closed.get(5, TimeUnit.SECONDS);
    deliver();
    runLane();
    assertThat(happened).containsExactly("entries", "closed", "entries");
  }

  /** A lane whose disk stands still. */
  @Test
  void itIsNotWaitedForForEver() throws Exception {
    deliver();
    server.disconnect(CLIENT).get(5, TimeUnit.SECONDS);
    assertThat(happened).containsExactly("closed");
  }
}

package dev.kindstead.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.NodeMemory.Boot;
import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two copies of a disk that say hello at one moment: one of them at most is welcome. */
final class HelloAtOnceTest {
  private static final NodeIdentity FOUNDER =
      NodeIdentity.found("node-a", List.of("node-a", "node-b"), 4, new Random(1));

  /** Who asks first what was heard waits, at one of its questions, for the other to end or wait. */
  private static final class Memory implements NodeMemory {
    private final Map<String, Boot> heard = new HashMap<>(Map.of("node-b", new Boot(1, 1)));
    private final CountDownLatch asked;
    private volatile Thread second = Thread.currentThread();

    Memory(int waitsAt) {
      asked = new CountDownLatch(waitsAt);
    }

    @Override
    public Boot heardOf(String nodeId) {
      Boot known;
      synchronized (heard) {
        known = heard.getOrDefault(nodeId, Boot.NONE);
      }
      if (asked.getCount() > 0) {
        asked.countDown();
        while (asked.getCount() == 0 && !isHeldUp(second.getState())) {
          Thread.onSpinWait();
        }
      }
      return known;
    }

    private static boolean isHeldUp(Thread.State state) {
      return state == Thread.State.BLOCKED || state == Thread.State.TERMINATED;
    }

    @Override
    public void hear(String nodeId, Boot boot) {
      synchronized (heard) {
        heard.merge(nodeId, boot, (known, told) -> told.follows(known) ? told : known);
      }
    }

    @Override
    public String nodeId() {
      return "node-a";
    }

    @Override
    public Boot boot() {
      return new Boot(1, 5);
    }

    @Override
    public List<Boot> past() {
      return List.of();
    }

    @Override
    public String refusal() {
      return "";
    }

    @Override
    public void refused(String why) {}

    @Override
    public Optional<NodeIdentity> identity() {
      return Optional.of(FOUNDER);
    }

    @Override
    public void join(NodeIdentity identity) {}
  }

  private static Hello copy(long run) {
    return new Hello(
        "node-b",
        new Boot(2, run),
        List.of(new Boot(1, 1)),
        List.of(),
        Hello.packed(FOUNDER.ofFounder("node-b")),
        Map.of(),
        "");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void onlyOneIsTaken(int waitsAt) throws InterruptedException {
    var memory = new Memory(waitsAt);
    var welcome = new Welcome(memory, Network.NONE, Runnable::run);
    Queue<String> verdicts = new ConcurrentLinkedQueue<>();
    Thread second =
        Thread.ofPlatform()
            .unstarted(() -> verdicts.add(welcome.verdict(copy(22), new byte[0]).join()));
    memory.second = second;
    Thread first =
        Thread.ofPlatform()
            .start(() -> verdicts.add(welcome.verdict(copy(11), new byte[0]).join()));
    memory.asked.await();
    second.start();
    first.join(Duration.ofSeconds(30));
    second.join(Duration.ofSeconds(30));
    assertThat(verdicts).hasSize(2).filteredOn(String::isEmpty).hasSize(1);
  }
}

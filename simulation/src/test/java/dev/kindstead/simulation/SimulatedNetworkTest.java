package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Refused;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The simulated network keeps the contract of {@link Network}. */
final class SimulatedNetworkTest {
  private static final Duration LIMIT = Duration.ofMillis(500);

  private final Scheduler scheduler = new Scheduler(new Random(3));
  private final List<String> anomalies = new ArrayList<>();
  private final Links links = new Links(scheduler, new Random(4), false, _ -> {}, anomalies::add);
  private final Map<String, SimulatedNetwork> everybody = new TreeMap<>();
  private final Machine here = Machine.exact("n1", scheduler);
  private final Machine there = Machine.exact("n2", scheduler);
  private final SimulatedNetwork network = new SimulatedNetwork(here.start(), links, everybody);
  private final List<String> heard = new ArrayList<>();
  private RuntimeException failure = new DatastoreException(Code.ABORTED, "no");

  private final class Recording implements Network.Handler {
    @Override
    public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
      heard.add(fromNodeId + " " + request[0]);
      return request[0] < 0
          ? CompletableFuture.failedFuture(failure)
          : CompletableFuture.completedFuture(request);
    }

    @Override
    public CompletableFuture<Void> disconnected(String fromNodeId) {
      heard.add(fromNodeId + " is gone");
      return CompletableFuture.completedFuture(null);
    }
  }

  private SimulatedNetwork startOther() {
    var other = new SimulatedNetwork(there.start(), links, everybody);
    other.serve(Service.READS, new Recording());
    return other;
  }

  private CompletableFuture<byte[]> call(int number) {
    return network.call("n2", Service.READS, new byte[] {(byte) number}, LIMIT);
  }

  private void pass() {
    scheduler.runFor(LIMIT.multipliedBy(2));
  }

  @Test
  void requestsArriveInOrder() {
    startOther();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int n = 0; n < 50; n++) {
      answers.add(call(n));
    }
    there.pause();
    pass();
    assertThat(heard).isEmpty();
    there.resume();
    pass();
    assertThat(heard).hasSize(50).startsWith("n1 0", "n1 1", "n1 2").endsWith("n1 49");
    assertThat(answers.getLast().exceptionNow()).isInstanceOf(AnswerLost.class);
  }

  @Test
  void whoIsDownOrCutOffIsNotReached() {
    CompletableFuture<byte[]> toNobody = call(1);
    pass();
    assertThat(toNobody.exceptionNow()).isInstanceOf(NotDelivered.class);
    startOther();
    links.cut("cut", "n2", "n1");
    CompletableFuture<byte[]> cut = call(1);
    pass();
    assertThat(cut.exceptionNow()).isInstanceOf(NotDelivered.class);
    assertThat(heard).isEmpty();
  }

  @Test
  void anAnswerThatIsLostBreaksTheConnection() {
    startOther();
    assertThat(call(1)).isNotDone();
    pass();
    links.cut("cut", "n2", "n1");
    CompletableFuture<byte[]> lost = call(2);
    pass();
    assertThat(lost.exceptionNow()).isInstanceOf(AnswerLost.class);
    links.mend("n2", "n1");
    assertThat(call(3)).isNotDone();
    pass();
    assertThat(heard).containsExactly("n1 1", "n1 2", "n1 is gone", "n1 3");
  }

  @Test
  void whoDiesAnswersNothing() {
    startOther();
    there.pause();
    CompletableFuture<byte[]> lost = call(1);
    scheduler.runFor(Duration.ofMillis(50));
    there.kill();
    pass();
    assertThat(lost.exceptionNow()).isInstanceOf(AnswerLost.class);
    there.resume();
    startOther();
    CompletableFuture<byte[]> answer = call(2);
    pass();
    assertThat(answer.join()).containsExactly(2);
    assertThat(heard).containsExactly("n1 2");
  }

  @Test
  void aFailureOfTheHandlerIsToldAsRefused() {
    startOther();
    CompletableFuture<byte[]> refused = call(-1);
    CompletableFuture<byte[]> unserved = network.call("n2", Service.CALLS, new byte[] {1}, LIMIT);
    pass();
    assertThat(refused.exceptionNow()).isInstanceOf(Refused.class).hasMessage("no");
    assertThat(unserved.exceptionNow()).isInstanceOf(Refused.class);
    assertThat(anomalies).isEmpty();
  }

  @Test
  void whatAHandlerMustNotThrowIsAnAnomaly() {
    startOther();
    failure = new IllegalStateException("not foreseen");
    CompletableFuture<byte[]> refused = call(-1);
    pass();
    assertThat(refused.exceptionNow()).isInstanceOf(Refused.class);
    assertThat(anomalies).singleElement().asString().contains("n2 failed to answer READS");
  }
}

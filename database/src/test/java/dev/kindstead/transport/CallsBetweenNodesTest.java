package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Refused;
import dev.kindstead.environment.Network.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of calls while nothing breaks. */
final class CallsBetweenNodesTest {
  private final TestNode a = new TestNode("a");
  private final TestNode b = new TestNode("b");

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  @Test
  void requestsArriveInOrderAndEachGetsItsAnswer() {
    a.knows(b);
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      answers.add(a.call("b", "" + i));
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).join()).asString(UTF_8).isEqualTo("" + i);
    }
    assertThat(b.heardSoFar())
        .isEqualTo(IntStream.range(0, 10_000).mapToObj(i -> "a: " + i).toList());
  }

  @Test
  void largeOnesPassAndTooLargeOnesAreNotSent() {
    a.knows(b);
    byte[] large = new byte[32 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31 >> 8);
    }
    assertThat(a.transport.call("b", Service.CALLS, large, TestNode.PATIENCE).join())
        .isEqualTo(large);
    byte[] tooLarge = new byte[Limits.PAYLOAD_BYTES_MAX + 1];
    assertThat(TestNode.failure(a.transport.call("b", Service.CALLS, tooLarge, TestNode.PATIENCE)))
        .isInstanceOf(NotDelivered.class);
    assertThat(a.answer("b", "still there")).isEqualTo("still there");
  }

  @Test
  void bothCallEachOther() {
    a.knows(b);
    b.knows(a);
    assertThat(a.answer("b", "1")).isEqualTo("1");
    assertThat(b.answer("a", "2")).isEqualTo("2");
    assertThat(b.heardSoFar()).containsExactly("a: 1");
    assertThat(a.heardSoFar()).containsExactly("b: 2");
  }

  @Test
  void handlersThatFailOrAreMissingRefuse() {
    a.knows(b);
    assertThat(TestNode.failure(a.call("b", "fail")))
        .isInstanceOf(Refused.class)
        .hasMessage("no wish to");
    assertThat(
            TestNode.failure(
                a.transport.call("b", Service.MEMBERSHIP, new byte[0], TestNode.PATIENCE)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("MEMBERSHIP");
  }

  @Test
  void anAnswerThatIsTooLateIsLost() {
    assertThat(a.knows(b).answer("b", "connects")).isEqualTo("connects");
    long start = System.nanoTime();
    var late = a.call("b", "never", Duration.ofMillis(60));
    var later = a.call("b", "never", Duration.ofMillis(120));
    assertThat(TestNode.failure(late)).isInstanceOf(AnswerLost.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(60));
    assertThat(later).isNotDone();
    assertThat(TestNode.failure(later)).isInstanceOf(AnswerLost.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(120));
    assertThat(a.answer("b", "on time")).isEqualTo("on time");
  }

  @Test
  void anUnknownNodeHearsNothing() {
    assertThat(TestNode.failure(a.call("c", "x")))
        .isInstanceOf(NotDelivered.class)
        .hasMessage("no address of node c is known");
  }

  @Test
  void moreThanTheLimitIsNotDelivered() throws Exception {
    a.knows(b);
    for (int i = 0; i < Limits.OUTSTANDING_REQUESTS_MAX; i++) {
      var unused = a.call("b", "never");
    }
    var oneMore = a.call("b", "x");
    assertThat(TestNode.failure(oneMore))
        .isInstanceOf(NotDelivered.class)
        .hasMessageContaining("too much");
    assertThat(a.answer("a", "another node")).isEqualTo("another node");
  }

  @Test
  void aNodeCallsItselfWithoutAnAddress() {
    assertThat(a.answer("a", "me")).isEqualTo("me");
    assertThat(TestNode.failure(a.call("a", "fail")))
        .isInstanceOf(Refused.class)
        .hasMessage("no wish to");
    assertThat(TestNode.failure(a.call("a", "never", Duration.ofMillis(20))))
        .isInstanceOf(AnswerLost.class);
    assertThat(a.heardSoFar()).containsExactly("a: me", "a: fail", "a: never");
  }

  @Test
  void meetingLearnsWhoIsThere() throws Exception {
    assertThat(a.transport.meet(b.address(), TestNode.PATIENCE).join()).isEqualTo("b");
    assertThat(a.transport.addresses()).containsEntry("b", b.address());
    assertThat(b.transport.addresses()).as("advertised").containsEntry("a", a.address());
    assertThat(a.answer("b", "x")).isEqualTo("x");
    assertThat(a.transport.meet(b.address(), TestNode.PATIENCE).join()).isEqualTo("b");
    assertThat(a.answer("b", "y")).isEqualTo("y");
    assertThat(b.heardSoFar()).as("no connection was replaced").containsExactly("a: x", "a: y");
    assertThat(a.transport.meet(a.address(), TestNode.PATIENCE).join()).isEqualTo("a");
    assertThat(a.transport.addresses()).doesNotContainKey("a");
  }

  @Test
  void meetingNobodySaysWhy() {
    String nowhere = b.address();
    b.close();
    assertThat(TestNode.failure(a.transport.meet(nowhere, TestNode.PATIENCE)))
        .isInstanceOf(NotDelivered.class)
        .hasMessageContaining(nowhere)
        .hasMessageContaining("refused");
    assertThatThrownBy(() -> a.transport.meet("nonsense", TestNode.PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

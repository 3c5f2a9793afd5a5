package dev.kindstead.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that stop, come back, or move, while others call them. */
final class LostConnectionsTest {
  private final TestNode a = new TestNode("a");
  private TestNode b = new TestNode("b");

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  @Test
  void anAnswerIsLostWhenTheNodeStopsBetweenRequestAndAnswer() throws Exception {
    var lost = a.knows(b).call("b", "never");
    assertThat(b.hears()).isEqualTo("a: never");
    b.close();
    assertThat(TestNode.failure(lost)).isInstanceOf(AnswerLost.class);
  }

  @Test
  void callsToAStoppedNodeAreNotDeliveredAndFailAtOnceForAWhile() {
    a.knows(b);
    b.close();
    assertThat(TestNode.failure(a.call("b", "1")))
        .isInstanceOf(NotDelivered.class)
        .hasMessageContaining("node b at ")
        .hasMessageContaining("refused");
    assertThat(TestNode.failure(a.call("b", "2"))).isInstanceOf(NotDelivered.class);
  }

  @Test
  void aNodeIsCalledAtItsNewAddress() throws Exception {
    assertThat(a.knows(b).answer("b", "old")).isEqualTo("old");
    var whenGone = a.call("b", "never");
    b.close();
    assertThat(TestNode.failure(whenGone)).isInstanceOf(AnswerLost.class);
    assertThat(TestNode.failure(a.call("b", "nobody"))).isInstanceOf(NotDelivered.class);
    b = new TestNode("b");
    a.knows(b);
    assertThat(a.answer("b", "new")).as("no back-off at another address").isEqualTo("new");
  }

  @Test
  void aNodeThatCallsIsCalledBackWhereItSaysItIs() {
    b.knows(a);
    assertThat(b.answer("a", "1")).isEqualTo("1");
    assertThat(a.answer("b", "2")).isEqualTo("2");
  }

  @Test
  void anAddressThatAnotherNodeHasNowIsNotTalkedTo() {
    try (var c = new TestNode("c")) {
      a.transport.learn("b", c.address());
      assertThat(TestNode.failure(a.call("b", "x")))
          .isInstanceOf(NotDelivered.class)
          .hasMessageContaining("this is node c, not node b");
      assertThat(c.heardSoFar()).isEmpty();
    }
  }

  @Test
  void theEndIsHeardBeforeTheNextConnectionsFirstRequest() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (var caller = new TestNode("c")) {
        var unused = caller.knows(b).call("b", "never");
        assertThat(b.hears()).isEqualTo("c: never");
      }
      try (var caller = new TestNode("c")) {
        assertThat(caller.knows(b).answer("b", "again")).isEqualTo("again");
      }
      assertThat(b.hears()).isEqualTo("c gone");
      assertThat(b.hears()).isEqualTo("c: again");
      assertThat(b.hears()).isEqualTo("c gone");
    }
  }

  @Test
  void theNextConnectionWaitsForTheHandlersAndNobodyElseDoes() throws Exception {
    var done = new CompletableFuture<Void>();
    b.doneWithLost = done;
    try (var caller = new TestNode("c")) {
      var unused = caller.knows(b).call("b", "never");
      assertThat(b.hears()).isEqualTo("c: never");
    }
    assertThat(b.hears()).isEqualTo("c gone");
    try (var caller = new TestNode("c")) {
      var again = caller.knows(b).call("b", "again");
      assertThat(a.knows(b).answer("b", "meanwhile")).isEqualTo("meanwhile");
      assertThat(b.hears()).isEqualTo("a: meanwhile");
      assertThat(again).isNotDone();
      done.complete(null);
      assertThat(b.hears()).isEqualTo("c: again");
    }
  }

  @Test
  void aConnectionWhoseEndNobodyNoticedIsEndedByTheNext() throws Exception {
    try (var old = new RawPeer(b)) {
      old.greet(Greeting.VERSION, "a", "b");
      assertThat(old.receive()).startsWith(Frame.GREETING + ": ");
      old.request("old");
      assertThat(b.hears()).isEqualTo("a: old");
      assertThat(a.knows(b).answer("b", "new")).isEqualTo("new");
      assertThat(b.hears()).isEqualTo("a gone");
      assertThat(b.hears()).isEqualTo("a: new");
      assertThat(old.receive()).startsWith(Frame.ANSWER + ": old");
      assertThat(old.isAtEnd()).isTrue();
    }
  }

  @Test
  void closingEndsAllThatIsOutstanding() throws Exception {
    a.knows(b);
    var sent = a.call("b", "never");
    var own = a.call("a", "never");
    assertThat(b.hears()).isEqualTo("a: never");
    assertThat(a.hears()).isEqualTo("a: never");
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      a.transport.learn("silent", "127.0.0.1:" + silent.getLocalPort());
      var waiting = a.call("silent", "x");
      a.close();
      assertThat(TestNode.failure(sent)).isInstanceOf(AnswerLost.class);
      assertThat(TestNode.failure(own)).isInstanceOf(AnswerLost.class);
      assertThat(TestNode.failure(waiting)).isInstanceOf(NotDelivered.class);
    }
    assertThat(TestNode.failure(a.call("b", "x"))).isInstanceOf(NotDelivered.class);
    assertThat(TestNode.failure(a.call("a", "x"))).isInstanceOf(NotDelivered.class);
    assertThat(b.hears()).isEqualTo("a gone");
  }

  @Test
  void waitingForANodeThatNeverGreetsEndsInTime() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      a.transport.learn("silent", address);
      assertThat(TestNode.failure(a.call("silent", "x", Duration.ofMillis(50))))
          .isInstanceOf(NotDelivered.class);
      assertThat(TestNode.failure(a.transport.meet(address, Duration.ofMillis(50))))
          .isInstanceOf(NotDelivered.class);
    }
  }
}

package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network.NotDelivered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who doesn't belong here is told so, or cut off, and nobody else notices. */
final class StrangersTest {
  private final TestNode a = new TestNode("a", "red");
  private final TestNode b = new TestNode("b", "red");

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  private void assertOthersUnharmed() {
    assertThat(a.knows(b).answer("b", "well")).isEqualTo("well");
  }

  @Test
  void anotherClustersNodeIsToldSo() {
    try (var blue = new TestNode("c", "blue");
        var fresh = new TestNode("d")) {
      String reason = "node c belongs to cluster blue, this is cluster red";
      assertThat(TestNode.failure(blue.knows(b).call("b", "x")))
          .isInstanceOf(NotDelivered.class)
          .hasMessageContaining(reason);
      assertThat(TestNode.failure(blue.transport.meet(b.address(), TestNode.PATIENCE)))
          .isInstanceOf(NotDelivered.class)
          .hasMessageContaining(reason)
          .matches(NodeTransport::isOfOtherCluster);
      assertThat(fresh.knows(b).answer("b", "in none yet")).isEqualTo("in none yet");
      assertThat(b.heardSoFar()).containsExactly("d: in none yet");
    }
  }

  @Test
  void anotherVersionIsToldSo() throws Exception {
    try (var newer = new RawPeer(b)) {
      newer.greet(7, "n", "b");
      assertThat(newer.receive())
          .isEqualTo(Frame.FAREWELL + ": node b speaks version 1 between nodes, not 7");
      assertThat(newer.isAtEnd()).isTrue();
    }
  }

  @Test
  void aSecondNodeWithTheSameIdIsToldSo() throws Exception {
    try (var twin = new RawPeer(b)) {
      twin.greet(Greeting.VERSION, "b", "b");
      assertThat(twin.receive()).startsWith(Frame.FAREWELL + ": node b is this node");
    }
  }

  @Test
  void garbageInAGreetingsPlaceClosesThatConnection() throws Exception {
    assertOthersUnharmed();
    List<byte[]> nonsense = new ArrayList<>();
    nonsense.add("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
    nonsense.add(ByteBuffer.allocate(14).putInt(10).array());
    nonsense.add(ByteBuffer.allocate(4).putInt(Limits.GREETING_BYTES_MAX + 100).array());
    nonsense.add(ByteBuffer.allocate(4).putInt(3).array());
    nonsense.add(ByteBuffer.allocate(4).putInt(-1).array());
    nonsense.add(ByteBuffer.allocate(20).putInt(16).put(Frame.GREETING).array());
    for (byte[] each : nonsense) {
      try (var stranger = new RawPeer(b)) {
        stranger.send(each);
        assertThat(stranger.isAtEnd()).isTrue();
      }
    }
    try (var hasty = new RawPeer(b)) {
      hasty.request("before the greeting");
      assertThat(hasty.isAtEnd()).isTrue();
    }
    assertOthersUnharmed();
    assertThat(b.heardSoFar()).containsExactly("a: well", "a: well");
  }

  @Test
  void garbageAfterAGreetingClosesThatConnection() throws Exception {
    assertOthersUnharmed();
    int tooLong = Frame.HEADER_BYTES + Limits.PAYLOAD_BYTES_MAX + 1;
    for (int length : new int[] {tooLong, 0, -5, Integer.MAX_VALUE}) {
      try (var peer = greeted("c", "b")) {
        peer.send(ByteBuffer.allocate(30).putInt(length).array());
        assertThat(peer.isAtEnd()).isTrue();
      }
      assertThat(b.hears()).isIn("a: well", "c gone");
    }
    try (var peer = greeted("c", "b")) {
      peer.send(Frame.ANSWER, new byte[0]);
      assertThat(peer.isAtEnd()).isTrue();
    }
    assertOthersUnharmed();
  }

  @Test
  void whoAskedWhoIsThereSendsNoRequests() throws Exception {
    try (var asking = greeted("c", "")) {
      asking.request("x");
      assertThat(asking.isAtEnd()).isTrue();
      assertThat(b.heardSoFar()).isEmpty();
    }
  }

  @Test
  void requestsOfAnUnknownServiceAreRefused() throws Exception {
    try (var peer = greeted("c", "b")) {
      peer.send(Frame.REQUEST, new byte[0]);
      assertThat(peer.receive()).startsWith(Frame.REFUSAL + ": this node has no service");
    }
  }

  /** A node that comes late finds a place. */
  @Test
  void theSilentOnesAreClosedWhenThereAreTooMany() throws Exception {
    assertOthersUnharmed();
    List<RawPeer> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < Limits.ACCEPTED_CONNECTIONS_MAX; i++) {
        crowd.add(new RawPeer(b));
      }
      greeted("late", "b").close();
      assertThat(crowd.getFirst().isAtEnd()).isTrue();
      assertOthersUnharmed();
    } finally {
      for (RawPeer each : crowd) {
        each.close();
      }
    }
  }

  @Test
  void whoAskedWhoIsThereAndStaysIsClosed() throws Exception {
    try (var asking = greeted("c", "")) {
      assertThat(asking.isAtEnd()).isTrue();
    }
  }

  @Test
  void oneNodeTooManyIsToldSo() throws Exception {
    assertOthersUnharmed();
    List<RawPeer> crowd = new ArrayList<>();
    try {
      for (int i = 1; i < Limits.ACCEPTED_CONNECTIONS_MAX; i++) {
        crowd.add(greeted("n" + i, "b"));
      }
      var last = new RawPeer(b);
      crowd.add(last);
      last.greet(Greeting.VERSION, "last", "b");
      assertThat(last.receive()).isEqualTo(Frame.FAREWELL + ": too many connections");
      assertThat(a.knows(b).answer("b", "well")).isEqualTo("well");
    } finally {
      for (RawPeer each : crowd) {
        each.close();
      }
    }
  }

  private RawPeer greeted(String nodeId, String listenerId) throws Exception {
    var peer = new RawPeer(b);
    peer.greet(Greeting.VERSION, nodeId, listenerId);
    assertThat(peer.receive()).startsWith(Frame.GREETING + ": ");
    return peer;
  }
}

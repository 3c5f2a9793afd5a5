package dev.kindstead.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.Kindstead;
import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between nodes only who has a certificate of the cluster's authority is talked to. */
final class NodeTlsTest {
  @TempDir Path directory;

  private NodeTls certificates(String authority, String name) {
    Path made = directory.resolve(authority);
    var command = new Kindstead(Map.of(), configuration -> 0);
    assertThat(command.run("cert", "create", "--directory", made.toString(), "--name", name))
        .isZero();
    return new NodeTls(
        made.resolve("ca.pem"), made.resolve(name + ".pem"), made.resolve(name + "-key.pem"));
  }

  @Test
  void nodesOfOneAuthorityTalk() throws Exception {
    try (var a = new TestNode("a", "", certificates("red", "one"));
        var b = new TestNode("b", "", certificates("red", "two"))) {
      assertThat(a.transport.meet(b.address(), TestNode.PATIENCE).join()).isEqualTo("b");
      assertThat(a.answer("b", "over TLS")).isEqualTo("over TLS");
      byte[] large = new byte[5 << 20];
      large[large.length - 1] = 7;
      assertThat(a.transport.call("b", Service.CALLS, large, TestNode.PATIENCE).join())
          .isEqualTo(large);
      assertThat(b.hears()).isEqualTo("a: over TLS");
      var lost = a.call("b", "never");
      b.close();
      assertThat(TestNode.failure(lost)).isInstanceOf(AnswerLost.class);
    }
  }

  @Test
  void whoHasNoCertificateOfTheAuthorityIsRefused() throws Exception {
    NodeTls red = certificates("red", "one");
    NodeTls blue = certificates("blue", "one");
    NodeTls trustingRed = new NodeTls(red.authority(), blue.certificate(), blue.key());
    NodeTls trustingBlue = new NodeTls(blue.authority(), red.certificate(), red.key());
    try (var b = new TestNode("b", "", red);
        var other = new TestNode("c", "", blue);
        var impostor = new TestNode("d", "", trustingRed);
        var misled = new TestNode("e", "", trustingBlue);
        var plain = new TestNode("f");
        var friend = new TestNode("g", "", certificates("red", "two"))) {
      for (TestNode each : new TestNode[] {other, impostor, misled, plain}) {
        assertThat(TestNode.failure(each.knows(b).call("b", "x")))
            .isInstanceOf(NotDelivered.class)
            .satisfies(why -> assertThat(why.getMessage()).doesNotContain("General"));
      }
      assertThat(TestNode.failure(b.knows(plain).call("f", "x"))).isInstanceOf(NotDelivered.class);
      assertThat(TestNode.failure(b.knows(other).call("c", "x")))
          .hasMessageContaining("not signed by --node-tls-authority");
      assertThat(friend.knows(b).answer("b", "well")).isEqualTo("well");
      assertThat(b.heardSoFar()).containsExactly("g: well");
    }
  }

  @Test
  void filesThatDoNotFitAreFoundBeforeAnyNodeIsCalled() {
    NodeTls one = certificates("red", "one");
    NodeTls two = certificates("red", "two");
    NodeTls blue = certificates("blue", "one");
    one.check();
    assertThatThrownBy(new NodeTls(one.authority(), one.certificate(), two.key())::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("two-key.pem is not the key of " + one.certificate());
    assertThatThrownBy(new NodeTls(blue.authority(), one.certificate(), one.key())::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(blue.authority() + " did not sign " + one.certificate());
  }

  @Test
  void filesThatMakeNoSenseAreNamed() throws Exception {
    NodeTls good = certificates("red", "one");
    Path broken = Files.writeString(directory.resolve("broken.pem"), "no certificate");
    assertThatThrownBy(() -> new TestNode("a", "", new NodeTls(good.authority(), broken, broken)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("broken.pem");
    Path absent = directory.resolve("absent.pem");
    assertThatThrownBy(
            () -> new TestNode("a", "", new NodeTls(absent, good.certificate(), good.key())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absent.pem");
  }
}

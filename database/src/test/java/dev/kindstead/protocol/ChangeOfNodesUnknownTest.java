package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Who hears that a node was not removed goes on counting on it. */
final class ChangeOfNodesUnknownTest {
  @Test
  void aLostAnswerIsNoRefusal() {
    try (var door = new OpenDoor()) {
      HttpResponse<byte[]> lost =
          door.post("/cluster/remove", "text/plain", NoCluster.LOST.getBytes(UTF_8));
      assertThat(lost.statusCode()).isEqualTo(504);
      assertThat(new String(lost.body(), UTF_8))
          .contains("nobody knows whether it was done", "kindstead cluster status");
      assertThat(door.post("/cluster/remove", "text/plain", "node-a".getBytes(UTF_8)).statusCode())
          .isEqualTo(409);
    }
  }
}

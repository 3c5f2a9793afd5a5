package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A command whose answer is lost is not one that was refused. */
@Timeout(30)
final class ChangeUnheardTest {
  /** A server that reads a request and says this to it, or nothing. */
  private static Refusal told(String answer) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answer(server, answer));
      return refusalOf("127.0.0.1:" + server.getLocalPort());
    }
  }

  private static Refusal refusalOf(String endpoint) {
    try (var client = new AdminClient(endpoint, null)) {
      return catchThrowableOfType(Refusal.class, () -> client.change("/cluster/remove", "node-a"));
    }
  }

  private static void answer(ServerSocket server, String answer) {
    try (Socket socket = server.accept()) {
      var unused = socket.getInputStream().read(new byte[8_192]);
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // The client hears nothing, then.
    }
  }

  @Test
  void theServerDoesNotKnow() throws Exception {
    Refusal unknown =
        told("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 19\r\n\r\nnobody knows of it\n");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.OUTCOME_UNKNOWN);
    assertThat(unknown).hasMessageContaining("nobody knows of it");
  }

  @Test
  void theConnectionBreaks() throws Exception {
    Refusal unknown = told("");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.OUTCOME_UNKNOWN);
    assertThat(unknown)
        .hasMessageContaining("nobody knows whether it was done")
        .hasMessageContaining("kindstead cluster status");
  }

  @Test
  void whatNeverArrivedWasNotDone() throws Exception {
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    assertThat(refusalOf("127.0.0.1:" + port).exitCode()).isEqualTo(ExitCode.ADDRESS);
  }
}

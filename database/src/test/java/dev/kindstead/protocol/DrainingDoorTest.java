package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import dev.kindstead.model.DatastoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A door that is about to close serves on, and has its clients come by another connection. */
class DrainingDoorTest {
  private static final byte[] LOOKUP = Requests.lookup(Requests.key("A", "b")).toByteArray();

  @Test
  void isNotReadyAndServes() {
    try (var door = new OpenDoor()) {
      door.door.drain();

      assertThat(door.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(door.get("/livez").statusCode()).isEqualTo(200);
      for (int i = 0; i < 5; i++) {
        assertThat(OpenDoor.status(door.grpc(Rpc.LOOKUP, LOOKUP))).isEqualTo("0");
      }
    }
  }

  @Test
  void closesAnHttp1ConnectionWithItsNextAnswer() throws Exception {
    try (var door = new OpenDoor();
        var socket = new Socket("127.0.0.1", door.door.port())) {
      assertThat(ask(socket)).doesNotContain("connection: close").endsWith("ok\n");

      door.door.drain();

      assertThat(ask(socket)).contains("connection: close").endsWith("ok\n");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static String ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
    byte[] answer = new byte[4096];
    int length = 0;
    while (!new String(answer, 0, length, ISO_8859_1).endsWith("\r\n\r\nok\n")) {
      length += socket.getInputStream().read(answer, length, answer.length - length);
    }
    return new String(answer, 0, length, ISO_8859_1).toLowerCase(Locale.ROOT);
  }

  @Test
  void whatIsInFlightOnAnHttp2ConnectionOutlivesTheOthersAndTheStop() throws Exception {
    try (var door = new OpenDoor()) {
      int port = door.door.port();
      var outcome = new CompletableFuture<Object>();
      door.operations.outcome = outcome;
      CompletableFuture<AggregatedHttpResponse> pending =
          CompletableFuture.supplyAsync(() -> door.grpc(Rpc.LOOKUP, LOOKUP));
      while (door.operations.lastLookup == null) {
        Thread.sleep(5);
      }
      door.door.drain();
      door.grpcFrame("/grpc.health.v1.Health/Check", OpenDoor.frame((byte) 0, new byte[0]));
      CompletableFuture<Void> stopped = door.door.stop();
      Thread.sleep(1_000);
      assertThat(stopped.isDone()).isFalse();
      assertThatThrownBy(() -> new Socket("127.0.0.1", port)).isInstanceOf(ConnectException.class);

      outcome.completeExceptionally(DatastoreException.aborted("late but answered"));

      assertThat(OpenDoor.status(pending.join())).isEqualTo("10");
      stopped.join();
    }
  }
}

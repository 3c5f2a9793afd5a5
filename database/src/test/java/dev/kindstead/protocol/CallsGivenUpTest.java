package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients in a hurry, or a balancer that carries the calls of many, give up hundreds of calls: the
 * others on that connection get their answers.
 */
@Timeout(60)
final class CallsGivenUpTest {
  private static final int GIVEN_UP = 500;

  private final byte[] frame =
      OpenDoor.frame((byte) 0, Requests.lookup(Requests.key("A", "b")).toByteArray());

  @Test
  void theConnectionStays() throws Exception {
    try (var door = new OpenDoor();
        var clients = ClientFactory.builder().workerGroup(1).build()) {
      WebClient client =
          WebClient.builder("h2c://127.0.0.1:" + door.door.port()).factory(clients).build();
      var stuck = new CompletableFuture<Object>();
      door.operations.outcome = stuck;
      var patient = asked(door, client).aggregate();
      for (int i = 0; i < GIVEN_UP; i++) {
        asked(door, client).abort();
      }
      stuck.completeExceptionally(new IllegalStateException("end"));
      assertThat(OpenDoor.status(patient.join())).isEqualTo("13");
    }
  }

  /** A call that has arrived. */
  private HttpResponse asked(OpenDoor door, WebClient client) throws InterruptedException {
    door.operations.lastLookup = null;
    HttpResponse response =
        client.execute(
            RequestHeaders.builder(HttpMethod.POST, "/" + Rpc.SERVICE + "/" + Rpc.LOOKUP.method())
                .add("content-type", "application/grpc")
                .add("te", "trailers")
                .build(),
            HttpData.wrap(frame));
    while (door.operations.lastLookup == null && !response.whenComplete().isDone()) {
      Thread.sleep(0, 100_000);
    }
    return response;
  }
}

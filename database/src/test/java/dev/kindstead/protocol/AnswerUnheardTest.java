package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.Message;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.service.Lookup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A transaction that was begun for a client which had gone by then: its locks would be in the way
 * of all others for as long as an idle transaction may live.
 */
@Timeout(60)
final class AnswerUnheardTest {
  private final OpenDoor door = new OpenDoor();
  private final WebClient client = WebClient.of("h2c://127.0.0.1:" + door.door.port());
  private final CompletableFuture<Object> stuck = new CompletableFuture<>();

  @BeforeEach
  void stick() {
    door.operations.outcome = stuck;
  }

  @AfterEach
  void close() {
    door.close();
  }

  private static final BeginTransactionRequest BEGIN =
      BeginTransactionRequest.newBuilder().setProjectId("p1").build();

  private static final LookupRequest LOOKUP =
      Requests.lookup(Requests.key("A", "b")).toBuilder()
          .setReadOptions(
              ReadOptions.newBuilder().setNewTransaction(TransactionOptions.getDefaultInstance()))
          .build();

  private HttpResponse asked(Rpc rpc, Message request, String timeout) throws InterruptedException {
    HttpResponse response =
        client.execute(
            RequestHeaders.builder(HttpMethod.POST, "/" + Rpc.SERVICE + "/" + rpc.method())
                .add("content-type", "application/grpc")
                .add("te", "trailers")
                .add("grpc-timeout", timeout)
                .build(),
            HttpData.wrap(OpenDoor.frame((byte) 0, request.toByteArray())));
    while (door.operations.endedSo.get() == 0) {
      Thread.sleep(1);
    }
    return response;
  }

  private void awaitRolledBack() throws InterruptedException {
    while (door.operations.rolledBack.isEmpty()) {
      Thread.sleep(1);
    }
    assertThat(door.operations.rolledBack).containsExactly(FakeOperations.transaction());
  }

  private static Lookup.Response read() {
    return new Lookup.Response(
        List.of(), List.of(), List.of(), FakeOperations.transaction(), FakeOperations.EPOCH_MICROS);
  }

  @Test
  void itsDeadlineHasPassed() throws Exception {
    assertThat(OpenDoor.status(asked(Rpc.BEGIN_TRANSACTION, BEGIN, "50m").aggregate().join()))
        .isEqualTo("4");
    stuck.complete(FakeOperations.transaction());
    awaitRolledBack();
  }

  @Test
  void ofAReadItsDeadlineHasPassed() throws Exception {
    assertThat(OpenDoor.status(asked(Rpc.LOOKUP, LOOKUP, "50m").aggregate().join())).isEqualTo("4");
    stuck.complete(read());
    awaitRolledBack();
  }

  @Test
  void itsConnectionIsGone() throws Exception {
    asked(Rpc.LOOKUP, LOOKUP, "1M").abort();
    while (door.operations.rolledBack.isEmpty()) {
      // The server hears of it a little later.
      Thread.sleep(50);
      stuck.complete(read());
    }
    awaitRolledBack();
  }

  @Test
  void whoWaitsHearsOfIt() throws Exception {
    HttpResponse response = asked(Rpc.LOOKUP, LOOKUP, "1M");
    stuck.complete(read());
    assertThat(OpenDoor.status(response.aggregate().join())).isEqualTo("0");
    assertThat(door.operations.rolledBack).isEmpty();
  }
}

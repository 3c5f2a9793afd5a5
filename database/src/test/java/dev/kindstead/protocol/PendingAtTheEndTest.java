package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import dev.kindstead.model.Code;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stopping server can't wait for ever: whoever is cut off hears what may have come of it. */
@Timeout(60)
final class PendingAtTheEndTest {
  private static final byte[] LOOKUP = Requests.lookup(Requests.key("A", "b")).toByteArray();
  private static final byte[] COMMIT = Requests.write().toByteArray();

  private static TransportLimits impatient() {
    TransportLimits limits = TransportLimits.defaults();
    return new TransportLimits(
        limits.requestBytesMax(),
        limits.connectionsMax(),
        limits.requestsInFlightMax(),
        limits.streamsPerConnectionMax(),
        limits.headerBytesMax(),
        limits.compressedAnswerBytesMin(),
        limits.idleConnectionMax(),
        limits.requestTimeMax(),
        Duration.ofMillis(300),
        limits.eventLoops());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  private static String message(AggregatedHttpResponse response) {
    String text = response.headers().get("grpc-message");
    return text != null ? text : response.trailers().get("grpc-message", "");
  }

  @Test
  void aReadIsToBeTriedAgainAndACommitIsUnknown() throws Exception {
    try (var door = new OpenDoor(Limits.DEFAULT, impatient())) {
      door.operations.outcome = new CompletableFuture<Object>();
      var lookup = CompletableFuture.supplyAsync(() -> door.grpc(Rpc.LOOKUP, LOOKUP));
      await(() -> door.operations.lastLookup != null);
      var commit = CompletableFuture.supplyAsync(() -> door.grpc(Rpc.COMMIT, COMMIT));
      await(() -> door.operations.lastCommit != null);

      door.door.stop().join();

      assertThat(OpenDoor.status(lookup.join())).as("UNAVAILABLE").isEqualTo("14");
      assertThat(OpenDoor.status(commit.join())).as("INTERNAL").isEqualTo("13");
      assertThat(message(commit.join())).contains("commit outcome unknown");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /google.datastore.v1.Datastore/Lookup, UNAVAILABLE",
    "POST, /google.datastore.v1.Datastore/BeginTransaction, UNAVAILABLE",
    "POST, /google.datastore.v1.Datastore/Commit, INTERNAL",
    "POST, /v1/projects/p1:runQuery, UNAVAILABLE",
    "POST, /v1/projects/p1:commit, INTERNAL",
    "GET, /v1/projects/p1/indexes, UNAVAILABLE",
    "POST, /v1/projects/p1/indexes, INTERNAL",
    "DELETE, /v1/projects/p1/indexes/7, INTERNAL",
    "POST, /google.datastore.admin.v1.DatastoreAdmin/CreateIndex, INTERNAL",
    "GET, /cluster, UNAVAILABLE",
  })
  void onlyWhatChangesNothingIsRetryable(HttpMethod method, String path, Code code) {
    Failure failure = CutOff.failure(method, path);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message().contains("outcome unknown")).isEqualTo(code == Code.INTERNAL);
  }
}

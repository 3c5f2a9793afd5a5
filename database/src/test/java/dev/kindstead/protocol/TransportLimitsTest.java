package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Value;
import com.google.rpc.Status;
import dev.kindstead.model.Code;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Too much of anything is an error with a name, never a hang or a dead server. */
final class TransportLimitsTest {
  private static final TransportLimits SMALL =
      new TransportLimits(
          100_000,
          1_000,
          1,
          100,
          8 * 1024,
          8 * 1024,
          Duration.ofMinutes(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          1);
  private static final String TOO_LARGE = "Request payload size exceeds the limit: 100000 bytes.";

  private static byte[] large() {
    Value value = Requests.text("x".repeat(300_000));
    return Requests.writeValue(value).toByteArray();
  }

  @Test
  void aRequestBeyondTheSizeLimit() throws Exception {
    try (var door = new OpenDoor(Limits.DEFAULT, SMALL)) {
      var overHttp = door.post("/v1/projects/p1:commit", "application/x-protobuf", large());
      assertThat(Status.parseFrom(overHttp.body()).getMessage()).isEqualTo(TOO_LARGE);
      assertThat(Status.parseFrom(overHttp.body()).getCode()).isEqualTo(3);
      var overGrpc = door.grpc(Rpc.COMMIT, large());
      assertThat(OpenDoor.status(overGrpc)).isEqualTo("3");
      assertThat(overGrpc.headers().get("grpc-message")).isEqualTo(TOO_LARGE);
    }
  }

  @Test
  void aSmallBodyThatHidesALargeOne() throws Exception {
    try (var door = new OpenDoor(Limits.DEFAULT, SMALL)) {
      var response =
          door.send(
              HttpRequest.newBuilder(door.uri("/v1/projects/p1:commit"))
                  .header("Content-Type", "application/x-protobuf")
                  .header("Content-Encoding", "gzip")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(Gzip.compress(large()))));
      assertThat(Status.parseFrom(response.body()).getMessage()).isEqualTo(TOO_LARGE);
    }
  }

  @Test
  void oneRequestTooManyIsRefused() throws Exception {
    try (var door = new OpenDoor(Limits.DEFAULT, SMALL)) {
      var stuck = new CompletableFuture<Object>();
      door.operations.outcome = stuck;
      byte[] lookup = Requests.lookup(Requests.key("A", "b")).toByteArray();
      var first = CompletableFuture.supplyAsync(() -> door.grpc(Rpc.LOOKUP, lookup));
      while (door.operations.lastLookup == null) {
        Thread.sleep(5);
      }
      assertThat(OpenDoor.status(door.grpc(Rpc.LOOKUP, lookup)))
          .isEqualTo(String.valueOf(Code.RESOURCE_EXHAUSTED.number()));
      stuck.completeExceptionally(new IllegalStateException("end"));
      assertThat(OpenDoor.status(first.join())).isEqualTo("13");
      door.operations.outcome = null;
      assertThat(OpenDoor.status(door.grpc(Rpc.LOOKUP, lookup))).isEqualTo("0");
    }
  }

  /** A quarter of the places is left when one database has as many as it gets. */
  @Test
  void oneDatabaseDoesNotShutOutTheOthers() throws Exception {
    TransportLimits ofEight = TransportLimits.defaults().with(100_000, 1_000, 8);
    try (var door = new OpenDoor(Limits.DEFAULT, ofEight)) {
      var stuck = new CompletableFuture<Object>();
      door.operations.outcome = stuck;
      var greedy = new ArrayList<CompletableFuture<String>>();
      for (int i = 0; i < 20; i++) {
        greedy.add(asked(door, "greedy"));
      }
      while (greedy.stream().filter(CompletableFuture::isDone).count() < 14) {
        Thread.sleep(5);
      }
      door.operations.outcome = null;
      assertThat(asked(door, "other").join()).isEqualTo("0");
      assertThat(asked(door, "greedy").join())
          .isEqualTo(String.valueOf(Code.RESOURCE_EXHAUSTED.number()));
      stuck.completeExceptionally(new IllegalStateException("end"));
      for (var each : greedy) {
        each.join();
      }
      assertThat(asked(door, "greedy").join()).isEqualTo("0");
    }
  }

  private static CompletableFuture<String> asked(OpenDoor door, String database) {
    byte[] lookup =
        Requests.lookup(Requests.key("A", "b")).toBuilder()
            .setDatabaseId(database)
            .build()
            .toByteArray();
    return CompletableFuture.supplyAsync(
        () -> OpenDoor.status(door.grpc(Rpc.LOOKUP, lookup)),
        task -> Thread.ofVirtual().start(task));
  }

  @Test
  void aStoppingServerEndsWhatItHasBegun() throws Exception {
    var door = new OpenDoor(Limits.DEFAULT, SMALL);
    door.operations.outcome = new CompletableFuture<Object>();
    byte[] lookup = Requests.lookup(Requests.key("A", "b")).toByteArray();
    var pending = CompletableFuture.supplyAsync(() -> door.grpc(Rpc.LOOKUP, lookup));
    while (door.operations.lastLookup == null) {
      Thread.sleep(5);
    }
    var stopped = door.door.stop();
    Thread.sleep(300);
    assertThat(stopped.isDone()).isFalse();
    var outcome = door.operations.outcome;
    outcome.completeExceptionally(
        dev.kindstead.model.DatastoreException.aborted("late but answered"));
    assertThat(OpenDoor.status(pending.join())).isEqualTo("10");
    stopped.join();
  }

  @Test
  void healthPagesTellReadinessFromLife() {
    try (var door = new OpenDoor()) {
      assertThat(text(door.get("/").body())).isEqualTo("Ok\n");
      assertThat(text(door.get("/livez").body())).isEqualTo("ok\n");
      assertThat(door.get("/readyz").statusCode()).isEqualTo(200);
      door.checks.add(new ReadinessCheck("storage", false, "disk full"));
      var unready = door.get("/readyz?verbose");
      assertThat(unready.statusCode()).isEqualTo(503);
      assertThat(text(unready.body())).contains("[-]storage failed: disk full\n");
      assertThat(door.get("/readyz?exclude=storage").statusCode()).isEqualTo(200);
      byte[] empty = OpenDoor.frame((byte) 0, new byte[0]);
      var health = door.grpcFrame("/grpc.health.v1.Health/Check", empty);
      assertThat(health.content().array()).endsWith((byte) 8, (byte) 2);
      assertThat(text(door.post("/reset", "text/plain", new byte[0]).body()))
          .isEqualTo("Resetting...\n");
      assertThat(text(door.post("/shutdown", "text/plain", new byte[0]).body()))
          .isEqualTo("Shutting down...\n");
      assertThat(door.get("/reset").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void metricsCountByMethodAndStatus() {
    try (var door = new OpenDoor()) {
      door.protobuf(Rpc.LOOKUP, Requests.lookup(Requests.key("A", "b")));
      door.json(Rpc.LOOKUP, "{\"keys\":[{}]}");
      assertThat(text(door.get("/metrics").body()))
          .contains("kindstead_rpc_seconds_count{method=\"Lookup\",status=\"OK\"} 1")
          .contains("kindstead_rpc_seconds_count{method=\"Lookup\",status=\"INVALID_ARGUMENT\"} 1")
          .contains("kindstead_rpc_in_flight 0.0");
    }
  }

  private static String text(byte[] body) {
    return new String(body, UTF_8);
  }
}

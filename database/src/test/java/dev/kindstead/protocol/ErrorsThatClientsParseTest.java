package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.LookupRequest;
import com.google.rpc.Status;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that cannot read an error does not retry what it should, or retries what it may not. */
final class ErrorsThatClientsParseTest {
  private static final LookupRequest ANY = Requests.lookup(Requests.key("Task", "one"));
  private OpenDoor door;

  @BeforeEach
  void open() {
    door = new OpenDoor();
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void javaRetriesAbortedOnlyFromARpcStatus() throws Exception {
    door.operations.outcome =
        CompletableFuture.failedFuture(DatastoreException.aborted("too much contention"));
    var response = door.protobuf(Rpc.LOOKUP, ANY);
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/x-protobuf");
    Status status = Status.parseFrom(response.body());
    assertThat(status.getCode()).isEqualTo(10);
    assertThat(status.getMessage()).isEqualTo("too much contention");
  }

  @Test
  void jsonErrorsComeInGooglesEnvelope() {
    assertThat(door.json(Rpc.LOOKUP, "{\"keys\":[{}]}"))
        .isEqualTo(
            "{\"error\":{\"code\":400,\"message\":\"Key path is empty.\","
                + "\"status\":\"INVALID_ARGUMENT\"}}");
  }

  @Test
  void grpcMessagesSurviveLineBreaksAndUmlauts() {
    door.operations.outcome =
        CompletableFuture.failedFuture(
            DatastoreException.failedPrecondition("no index:\n- kind: Größe 100%"));
    var response = door.grpc(Rpc.LOOKUP, ANY.toByteArray());
    assertThat(OpenDoor.status(response)).isEqualTo("9");
    assertThat(response.headers().get("grpc-message"))
        .isEqualTo("no index:%0A- kind: Gr%C3%B6%C3%9Fe 100%25");
  }

  /** Clients take 8 KiB of headers, and each of these has twelve bytes in one. */
  @Test
  void longTextsOfAnyScriptAreCutAtAWholeCharacter() throws Exception {
    for (String each : new String[] {"x\uD83D\uDE00", "\uD83D\uDE00", "\u3042", "e"}) {
      door.operations.outcome =
          CompletableFuture.failedFuture(DatastoreException.invalidArgument(each.repeat(5_000)));
      var response = door.grpc(Rpc.LOOKUP, ANY.toByteArray());
      assertThat(OpenDoor.status(response)).isEqualTo("3");
      String escaped = String.valueOf(response.headers().get("grpc-message"));
      assertThat(escaped.length()).isBetween(3_900, 4_200);
      assertThat(URLDecoder.decode(escaped, UTF_8)).matches("(" + each + ")+x?\\.\\.\\.");
      Status status = Status.parseFrom(door.protobuf(Rpc.LOOKUP, ANY).body());
      assertThat(status.getMessage()).matches("(" + each + ")+x?\\.\\.\\.");
    }
  }

  @Test
  void whatBreaksInsideIsNotToldToClients() throws Exception {
    door.operations.outcome =
        CompletableFuture.failedFuture(new IllegalStateException("secret path"));
    Status status = Status.parseFrom(door.protobuf(Rpc.LOOKUP, ANY).body());
    assertThat(status.getCode()).isEqualTo(Code.INTERNAL.number());
    assertThat(status.getMessage()).doesNotContain("secret").contains("see the server's log");
  }

  @Test
  void methodsOfLaterReleasesAreNamed() {
    String execute = "/" + Rpc.SERVICE + "/Execute";
    var response = door.grpcFrame(execute, OpenDoor.frame((byte) 0, new byte[0]));
    assertThat(OpenDoor.status(response)).isEqualTo("12");
    assertThat(response.headers().get("grpc-message")).contains("Execute");
    String admin = "/google.datastore.admin.v1.DatastoreAdmin/ExportEntities";
    response = door.grpcFrame(admin, OpenDoor.frame((byte) 0, new byte[0]));
    assertThat(OpenDoor.status(response)).isEqualTo("12");
    assertThat(response.headers().get("grpc-message")).contains("DatastoreAdmin/ExportEntities");
    var http = door.post("/v1/projects/p1:nonsense", "application/json", new byte[0]);
    assertThat(http.statusCode()).isEqualTo(404);
    assertThat(new String(http.body(), UTF_8)).contains("p1:nonsense").contains("NOT_FOUND");
    http = door.post("/v1/projects/p1:export", "application/json", new byte[0]);
    assertThat(http.statusCode()).isEqualTo(501);
    assertThat(door.get("/v1/projects/p1/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void aGetOnAMethodSaysThatItTakesPost() {
    var response = door.get("/v1/projects/p1:lookup");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("POST");
    assertThat(door.get("/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void anUnknownJsonFieldIsRefused() {
    assertThat(door.json(Rpc.LOOKUP, "{\"kyes\":[]}")).contains("Payload isn't valid for request.");
  }

  @Test
  void anyAuthorizationIsAccepted() {
    var response =
        door.send(
            HttpRequest.newBuilder(door.uri("/v1/projects/p1:lookup"))
                .header("Content-Type", "application/x-protobuf")
                .header("Authorization", "Bearer owner")
                .POST(HttpRequest.BodyPublishers.ofByteArray(ANY.toByteArray())));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void aRequestWhoseDeadlineHasPassedIsNotStarted() {
    var response = door.grpc(Rpc.LOOKUP, ANY.toByteArray(), "grpc-timeout", "1n");
    assertThat(OpenDoor.status(response)).isEqualTo("4");
    assertThat(door.operations.lastLookup).isNull();
  }

  @Test
  void aCommitPastItsDeadlineIsUnknownAndNotRetriable() {
    door.operations.outcome = new CompletableFuture<>();
    byte[] commit = Requests.writeValue(Requests.integer(1)).toByteArray();
    assertThat(OpenDoor.status(door.grpc(Rpc.COMMIT, commit, "grpc-timeout", "300m")))
        .isEqualTo("13");
    assertThat(OpenDoor.status(door.grpc(Rpc.LOOKUP, ANY.toByteArray(), "grpc-timeout", "300m")))
        .isEqualTo("4");
  }
}

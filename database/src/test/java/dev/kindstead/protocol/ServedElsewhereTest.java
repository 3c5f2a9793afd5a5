package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.LookupResponse;
import com.google.rpc.Status;
import dev.kindstead.environment.Network;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.MutationResult;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.transaction.CommitResult;
import java.net.http.HttpRequest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client cannot tell which node it asked. */
final class ServedElsewhereTest {
  private static final byte[] LOOKUP = Requests.lookup(Requests.key("Task", "one")).toByteArray();
  private static final String TEXT = "x".repeat(20_000);
  private JoinedDoors doors;

  @BeforeEach
  void open() {
    doors = new JoinedDoors();
    var written =
        doors
            .at("b")
            .protobuf(
                Rpc.COMMIT,
                Requests.writeValue(
                    Requests.text(TEXT).toBuilder().setExcludeFromIndexes(true).build()));
    assertThat(written.statusCode()).isEqualTo(200);
    assertThat(doors.network.sent).containsExactly(new MemoryNetwork.Sent("b", "a"));
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private static void checkFound(LookupResponse response) {
    assertThat(response.getFound(0).getEntity().getPropertiesOrThrow("a").getStringValue())
        .isEqualTo(TEXT);
    assertThat(response.getFound(0).getEntity().getKey().getPartitionId().getProjectId())
        .isEqualTo("p1");
  }

  @Test
  void overGrpc() throws Exception {
    var response = doors.at("c").grpc(Rpc.LOOKUP, LOOKUP, "grpc-timeout", "30S");
    assertThat(OpenDoor.status(response)).isEqualTo("0");
    checkFound(OpenDoor.message(response, LookupResponse.getDefaultInstance()));
    assertThat(doors.network.sent).hasSize(2);
  }

  @Test
  void overGrpcWithCompressedMessages() throws Exception {
    var response =
        doors
            .at("c")
            .grpcFrame(
                "/" + Rpc.SERVICE + "/Lookup",
                OpenDoor.frame((byte) 1, Gzip.compress(LOOKUP)),
                "grpc-encoding",
                "gzip",
                "grpc-accept-encoding",
                "gzip");
    byte[] frame = response.content().array();
    assertThat(frame[0]).isEqualTo((byte) 1);
    checkFound(LookupResponse.parseFrom(Gzip.decompress(frame, 5, frame.length - 5, 100_000)));
  }

  @Test
  void overHttpWithProtobufAndWithTheProjectOnlyInThePath() throws Exception {
    byte[] withoutProject =
        Requests.lookup(Requests.key("Task", "one")).toBuilder()
            .clearProjectId()
            .build()
            .toByteArray();
    String path = "/v1/projects/p1:lookup";
    checkFound(
        LookupResponse.parseFrom(
            doors.at("c").post(path, "application/x-protobuf", withoutProject).body()));
    var compressed =
        doors
            .at("c")
            .send(
                HttpRequest.newBuilder(doors.at("c").uri(path))
                    .header("Content-Type", "application/x-protobuf")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Gzip.compress(withoutProject))));
    checkFound(LookupResponse.parseFrom(compressed.body()));
  }

  @Test
  void overHttpWithJson() {
    String keys = "{\"keys\":[{\"path\":[{\"kind\":\"Task\",\"name\":\"one\"}]}]}";
    assertThat(doors.at("c").json(Rpc.LOOKUP, keys))
        .contains("\"stringValue\":\"" + TEXT + "\"")
        .contains("\"projectId\":\"p1\"");
    assertThat(doors.at("c").json(Rpc.LOOKUP, "{\"key\":[]}"))
        .contains(Failure.MALFORMED)
        .contains("INVALID_ARGUMENT");
  }

  @Test
  void itsErrorsArriveUnchanged() throws Exception {
    String text = "über 100%: \"quoted\"\nand more";
    doors.operations.outcome =
        CompletableFuture.failedFuture(new DatastoreException(Code.FAILED_PRECONDITION, text));
    for (String node : new String[] {"a", "b"}) {
      var grpc = doors.at(node).grpc(Rpc.LOOKUP, LOOKUP);
      assertThat(OpenDoor.status(grpc)).isEqualTo("9");
      assertThat(grpc.headers().get("grpc-message")).isEqualTo(GrpcFrames.escaped(text));
      var http = doors.at(node).post("/v1/projects/p1:lookup", "application/x-protobuf", LOOKUP);
      assertThat(http.statusCode()).isEqualTo(400);
      assertThat(Status.parseFrom(http.body()).getMessage()).isEqualTo(text);
    }
  }

  @Test
  void whatIsWrongWithARequestIsSaidInTheSameWords() {
    byte[] noMessage = {1, 2, 3};
    byte[] noFrame = {0, 0, 0};
    String path = "/" + Rpc.SERVICE + "/Lookup";
    for (String node : new String[] {"a", "b"}) {
      OpenDoor door = doors.at(node);
      assertThat(door.grpc(Rpc.LOOKUP, noMessage).headers().get("grpc-message"))
          .isEqualTo(Failure.MALFORMED);
      assertThat(door.grpcFrame(path, noFrame).headers().get("grpc-message"))
          .isEqualTo(Failure.MALFORMED);
      assertThat(door.json(Rpc.LOOKUP, "{\"keys\":[{}]}"))
          .isEqualTo(doors.at("a").json(Rpc.LOOKUP, "{\"keys\":[{}]}"));
    }
  }

  /** A refusal would say that nothing was done, and the commit be made again, and again. */
  @Test
  void aCommitWithAnAnswerTooLargeForTheNetworkIsMadeOnce() {
    int before = doors.operations.commits.get();
    doors.operations.outcome = CompletableFuture.completedFuture(largerThanTheNetworkTakes());
    byte[] commit = Requests.writeValue(Requests.text("y")).toByteArray();
    var response = doors.at("b").grpc(Rpc.COMMIT, commit);
    assertThat(OpenDoor.status(response)).isEqualTo("13");
    assertThat(response.headers().get("grpc-message"))
        .startsWith("commit outcome unknown: the answer has ");
    assertThat(doors.operations.commits.get()).isEqualTo(before + 1);
  }

  private static CommitResult largerThanTheNetworkTakes() {
    var partition = new PartitionId("p1", "", "");
    var key = new Key(partition, List.of(PathElement.ofName("K", "k".repeat(1_000))));
    var result = new MutationResult(key, 1, 1, 1, false, List.of());
    return new CommitResult(Collections.nCopies(Network.PAYLOAD_BYTES_MAX / 1_000, result), 2, 1);
  }

  @Test
  void aCallIsForwardedOnce() {
    doors.beliefs.put("b", "c");
    doors.beliefs.put("c", "a");
    assertThat(OpenDoor.status(doors.at("b").grpc(Rpc.LOOKUP, LOOKUP)))
        .isEqualTo(String.valueOf(Code.UNAVAILABLE.number()));
    assertThat(doors.network.sent.subList(1, doors.network.sent.size()))
        .isNotEmpty()
        .containsOnly(new MemoryNetwork.Sent("b", "c"));
  }

  @Test
  void aCallIsCountedOnce() {
    doors.at("c").grpc(Rpc.LOOKUP, LOOKUP);
    String lookups = "kindstead_rpc_seconds_count{method=\"Lookup\",status=\"OK\"} 1";
    assertThat(metrics("c")).contains(lookups).contains("kindstead_rpc_in_flight 0.0");
    assertThat(metrics("a")).doesNotContain("Lookup").contains("kindstead_rpc_in_flight 0.0");
  }

  private String metrics(String node) {
    return new String(doors.at(node).get("/metrics").body(), UTF_8);
  }
}

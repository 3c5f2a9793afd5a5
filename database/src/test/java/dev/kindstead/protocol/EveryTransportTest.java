package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.TransactionOptions;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each client has its transport; all of them must read the same entity. */
final class EveryTransportTest {
  private OpenDoor door;

  @BeforeEach
  void open() {
    door = new OpenDoor();
    var written = door.protobuf(Rpc.COMMIT, Requests.writeValue(Requests.integer(Long.MAX_VALUE)));
    assertThat(written.statusCode()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void javaReadsOverHttp1AndProtobuf() throws Exception {
    var response = door.protobuf(Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "one")));
    assertThat(response.headers().firstValue("content-type")).hasValue("application/x-protobuf");
    checkFound(LookupResponse.parseFrom(response.body()));
  }

  @Test
  void nodeReadsOverGrpcWithoutTls() throws Exception {
    byte[] request = Requests.lookup(Requests.key("Task", "one")).toByteArray();
    var response = door.grpc(Rpc.LOOKUP, request, "grpc-timeout", "59972m");
    assertThat(OpenDoor.status(response)).isEqualTo("0");
    assertThat(response.headers().get("content-type")).isEqualTo("application/grpc");
    checkFound(OpenDoor.message(response, LookupResponse.getDefaultInstance()));
  }

  @Test
  void grpcTakesAndGivesCompressedMessages() throws Exception {
    byte[] request = Requests.lookup(Requests.key("Task", "one")).toByteArray();
    var response =
        door.grpcFrame(
            "/" + Rpc.SERVICE + "/Lookup",
            OpenDoor.frame((byte) 1, Gzip.compress(request)),
            "grpc-encoding",
            "gzip",
            "grpc-accept-encoding",
            "identity,deflate,gzip");
    assertThat(response.headers().get("grpc-encoding")).isEqualTo("gzip");
    byte[] frame = response.content().array();
    assertThat(frame[0]).isEqualTo((byte) 1);
    checkFound(LookupResponse.parseFrom(Gzip.decompress(frame, 5, frame.length - 5, 10_000)));
  }

  @Test
  void http2CarriesProtobufToo() throws Exception {
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var response =
          client.send(
              HttpRequest.newBuilder(door.uri("/v1/projects/p1:lookup"))
                  .header("Content-Type", "application/x-protobuf")
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          Requests.lookup(Requests.key("Task", "one")).toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
      checkFound(LookupResponse.parseFrom(response.body()));
    }
  }

  @Test
  void jsonKeepsIntegersAsStrings() {
    assertThat(
            door.json(Rpc.LOOKUP, "{\"keys\":[{\"path\":[{\"kind\":\"Task\",\"name\":\"one\"}]}]}"))
        .contains("\"integerValue\":\"9223372036854775807\"")
        .contains("\"projectId\":\"p1\"");
  }

  @Test
  void nodesRestFallbackGetsEnumsAsNumbers() {
    var response =
        door.post(
            "/v1/projects/p1:runQuery?$alt=json%3Benum-encoding=int",
            "application/json", "{\"query\":{\"kind\":[{\"name\":\"Task\"}]}}".getBytes(UTF_8));
    assertThat(new String(response.body(), UTF_8)).contains("\"moreResults\":3");
  }

  @Test
  void httpTakesAndGivesGzip() throws Exception {
    String long1 = "x".repeat(20_000);
    var value = Requests.text(long1).toBuilder().setExcludeFromIndexes(true).build();
    var written =
        door.send(
            HttpRequest.newBuilder(door.uri("/v1/projects/p1:commit"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "gzip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        Gzip.compress(Requests.writeValue(value).toByteArray()))));
    assertThat(CommitResponse.parseFrom(written.body()).getMutationResultsCount()).isEqualTo(1);
    var response =
        door.send(
            HttpRequest.newBuilder(door.uri("/v1/projects/p1:lookup"))
                .header("Content-Type", "application/x-protobuf")
                .header("Accept-Encoding", "gzip")
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        Requests.lookup(Requests.key("Task", "one")).toByteArray())));
    assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
    assertThat(response.body().length).isLessThan(1_000);
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(LookupResponse.parseFrom(plain).getFound(0).getEntity().getPropertiesOrThrow("a"))
        .isEqualTo(value);
  }

  @Test
  void aReadThatBeginsATransactionAnswersItsId() throws Exception {
    var options =
        ReadOptions.newBuilder().setNewTransaction(TransactionOptions.getDefaultInstance());
    var lookup = Requests.lookup(Requests.key("Task", "none")).toBuilder().setReadOptions(options);
    var looked = LookupResponse.parseFrom(door.protobuf(Rpc.LOOKUP, lookup.build()).body());
    assertThat(looked.getTransaction().toByteArray()).containsExactly(4, 2);
    assertThat(looked.getMissing(0).getVersion()).isPositive();
    assertThat(looked.getMissing(0).getEntity().getKey().getPartitionId().getProjectId())
        .isEqualTo("p1");
    var query = Requests.run(Requests.query("Task")).toBuilder().setReadOptions(options);
    var run = RunQueryResponse.parseFrom(door.protobuf(Rpc.RUN_QUERY, query.build()).body());
    assertThat(run.getTransaction().toByteArray()).containsExactly(4, 2);
  }

  @Test
  void aQuerysBatchHasEveryField() throws Exception {
    var response =
        RunQueryResponse.parseFrom(
            door.protobuf(Rpc.RUN_QUERY, Requests.run(Requests.query("Task"))).body());
    var batch = response.getBatch();
    assertThat(batch.getSkippedResults()).isEqualTo(3);
    assertThat(batch.getSkippedCursor().toByteArray()).containsExactly(7);
    assertThat(batch.getEndCursor().toByteArray()).containsExactly(8);
    assertThat(batch.getEntityResultType().name()).isEqualTo("FULL");
    assertThat(batch.getMoreResults().name()).isEqualTo("NO_MORE_RESULTS");
    assertThat(batch.getReadTime().getSeconds()).isEqualTo(1_700_000_000);
    var result = batch.getEntityResults(0);
    assertThat(result.getCursor().toByteArray()).containsExactly(1, 2);
    assertThat(result.getVersion()).isEqualTo(FakeOperations.EPOCH_MICROS + 1);
    assertThat(result.getCreateTime().getNanos()).isEqualTo(123_457_000);
    assertThat(result.getUpdateTime()).isEqualTo(result.getCreateTime());
    assertThat(result.getEntity().getPropertiesOrThrow("a").getIntegerValue())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void onlyATransactionalCommitHasACommitTime() throws Exception {
    var mutation =
        Requests.upsert(Requests.entity(Requests.incomplete("Task"), "a", Requests.integer(1)));
    var plain =
        CommitResponse.parseFrom(door.protobuf(Rpc.COMMIT, Requests.write(mutation)).body());
    assertThat(plain.hasCommitTime()).isFalse();
    assertThat(plain.getMutationResults(0).hasKey()).isTrue();
    assertThat(plain.getMutationResults(0).hasCreateTime()).isTrue();
    var atomic =
        CommitResponse.parseFrom(
            door.protobuf(Rpc.COMMIT, Requests.transactional(mutation)).body());
    assertThat(atomic.hasCommitTime()).isTrue();
    assertThat(atomic.getIndexUpdates()).isEqualTo(2);
  }

  private static void checkFound(LookupResponse response) {
    var found = response.getFound(0);
    assertThat(found.getEntity().getPropertiesOrThrow("a").getIntegerValue())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(found.getEntity().getKey().getPartitionId().getProjectId()).isEqualTo("p1");
    assertThat(found.getVersion()).isEqualTo(FakeOperations.EPOCH_MICROS + 1);
    assertThat(response.getReadTime().getSeconds()).isEqualTo(1_700_000_000);
  }
}

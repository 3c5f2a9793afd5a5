package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.LookupResponse;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever arrives, the answer is a result or an error, and the next request is served. */
final class MalformedInputTest {
  private static final long SEED = 20_261_121;
  private static final int ROUNDS = 300;
  private static final List<Integer> EXPECTED_STATUSES = List.of(200, 400, 404, 501);
  private static final List<String> EXPECTED_CODES = List.of("0", "3", "5", "12");

  private record Sample(Rpc rpc, Message request) {}

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample(
              Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "one"), Requests.key("B", "c"))),
          new Sample(
              Rpc.COMMIT,
              Requests.writeValue(
                  Requests.array(
                      Requests.text("some text"),
                      Requests.nested("b", Requests.integer(5)),
                      Requests.integer(-1)))),
          new Sample(
              Rpc.RUN_QUERY,
              Requests.run(Requests.query("Task").setLimit(com.google.protobuf.Int32Value.of(5)))));

  private OpenDoor door;

  @BeforeEach
  void open() {
    door = new OpenDoor();
  }

  @AfterEach
  void close() throws Exception {
    var response = door.protobuf(Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "none")));
    assertThat(LookupResponse.parseFrom(response.body()).getMissingCount()).isEqualTo(1);
    door.close();
  }

  @Test
  void mutatedProtobufOverHttp() {
    var random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      Sample sample = SAMPLES.get(i % SAMPLES.size());
      byte[] body = mutated(sample.request.toByteArray(), random);
      HttpResponse<byte[]> response =
          door.post("/v1/projects/p1:" + sample.rpc.verb(), "application/x-protobuf", body);
      assertThat(response.statusCode()).as("round %s", i).isIn(EXPECTED_STATUSES);
    }
  }

  @Test
  void mutatedJson() throws Exception {
    var random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      Sample sample = SAMPLES.get(i % SAMPLES.size());
      byte[] body = mutated(JsonFormat.printer().print(sample.request).getBytes(UTF_8), random);
      HttpResponse<byte[]> response =
          door.post("/v1/projects/p1:" + sample.rpc.verb(), "application/json", body);
      assertThat(response.statusCode()).as("round %s", i).isIn(EXPECTED_STATUSES);
    }
  }

  @Test
  void mutatedMessagesAndFramesOverGrpc() {
    var random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      Sample sample = SAMPLES.get(i % SAMPLES.size());
      byte[] message = sample.request.toByteArray();
      byte[] frame =
          i % 2 == 0
              ? OpenDoor.frame((byte) 0, mutated(message, random))
              : mutated(OpenDoor.frame((byte) 0, message), random);
      AggregatedHttpResponse response =
          door.grpcFrame("/" + Rpc.SERVICE + "/" + sample.rpc.method(), frame);
      assertThat(OpenDoor.status(response)).as("round %s", i).isIn(EXPECTED_CODES);
    }
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
      default -> {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
    }
    return bytes;
  }

  @Test
  void namedMalformations() {
    String deep = "{\"keys\":" + "[".repeat(100_000);
    assertThat(door.json(Rpc.LOOKUP, deep)).contains(Failure.MALFORMED);
    assertThat(door.json(Rpc.LOOKUP, "null")).contains(Failure.MALFORMED);
    assertThat(door.json(Rpc.LOOKUP, "[]")).contains(Failure.MALFORMED);
    assertThat(door.json(Rpc.COMMIT, "{\"mode\":\"SOMETIMES\"}")).contains(Failure.MALFORMED);
    byte[] badUtf8 = {'{', '"', (byte) 0xc3, 0x28, '"', ':', '1', '}'};
    assertThat(door.post("/v1/projects/p1:lookup", "application/json", badUtf8).statusCode())
        .isEqualTo(400);
    assertThat(door.post("/v1/projects/p1:lookup", "text/plain", new byte[0]).statusCode())
        .isEqualTo(400);
    var wrongType =
        door.grpcFrame(
            "/" + Rpc.SERVICE + "/Lookup", new byte[0], "content-type", "application/json");
    assertThat(wrongType.status().code()).isEqualTo(415);
    var unknownCompression =
        door.grpcFrame(
            "/" + Rpc.SERVICE + "/Lookup",
            OpenDoor.frame((byte) 1, new byte[3]),
            "grpc-encoding",
            "snappy");
    assertThat(OpenDoor.status(unknownCompression)).isEqualTo("12");
  }

  /** A million digits are a minute's work for protobuf's reader, on the event loop. */
  @Test
  @Timeout(30)
  void numbersOfManyDigits() {
    String digits = "1".repeat(1_000_000);
    for (String limit : List.of(digits, "\"" + digits + "\"", "\"\\u0031" + digits + "\"")) {
      assertThat(door.json(Rpc.RUN_QUERY, "{\"query\":{\"limit\":" + limit + "}}"))
          .contains(Failure.MALFORMED);
    }
    assertThat(door.json(Rpc.COMMIT, "{\"mode\":\"" + digits + "\"}")).contains(Failure.MALFORMED);
    String text =
        """
        {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
          "key": {"path": [{"kind": "K", "name": "x"}]},
          "properties": {"limit": {"stringValue": "%s", "excludeFromIndexes": true}}}}]}
        """;
    assertThat(door.json(Rpc.COMMIT, text.formatted(digits))).contains("mutationResults");
  }

  /** A header of so many bytes is no answer to a client. */
  @Test
  void aTextThatIsQuotedInAnError() {
    String text = "SELECT * FROM K WHERE a = '" + "x".repeat(200_000) + "' 'y'";
    var request =
        Requests.run(Requests.query()).toBuilder()
            .setGqlQuery(GqlQuery.newBuilder().setQueryString(text))
            .build();
    var response =
        door.grpcFrame(
            "/" + Rpc.SERVICE + "/RunQuery", OpenDoor.frame((byte) 0, request.toByteArray()));
    assertThat(OpenDoor.status(response)).isEqualTo("3");
    assertThat(response.headers().get("grpc-message")).hasSizeBetween(100, 5_000);
  }

  /** No protobuf has it, and a question mark is another name. */
  @Test
  void halfASurrogatePair() {
    for (String half : List.of("\\ud83d", "\\uDE00", "\\ud83d \\ude00", "\\ude00\\ud83d")) {
      assertThat(door.json(Rpc.LOOKUP, lookup(half))).contains(Failure.MALFORMED);
    }
    assertThat(door.json(Rpc.LOOKUP, lookup("\\ud83d\\ude00"))).contains("missing");
  }

  private static String lookup(String name) {
    return "{\"keys\":[{\"path\":[{\"kind\":\"K\",\"name\":\"" + name + "\"}]}]}";
  }
}

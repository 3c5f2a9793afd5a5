package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitRequest.Mode;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.Mutation;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same error, with Google's text, over gRPC, over HTTP with protobuf and with JSON. */
@Tag("shared")
@ExtendWith(SharedServer.class)
class ErrorAnswersTest {
  private static final Entity PLAIN = Entity.newBuilder().setKey(Raw.key("K", "n")).build();

  private final RawGrpc grpc;
  private final RawHttp http;

  ErrorAnswersTest(Endpoint server) {
    grpc = new RawGrpc(server, Projects.fresh());
    http = new RawHttp(server);
  }

  @AfterEach
  void close() {
    grpc.close();
    http.close();
  }

  record Refused(CommitRequest request, Code code, int httpStatus, String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  static Stream<Refused> refused() {
    return Stream.of(
        invalid("Entity is missing key.", Raw.upsert(Entity.getDefaultInstance())),
        invalid("Mutation is missing operation.", Mutation.getDefaultInstance()),
        invalid("Key path is empty.", Raw.delete(Key.getDefaultInstance())),
        invalid("The kind is the empty string.", Raw.upsert(keyed(Raw.key("", "n")))),
        invalid("The kind \"__foo__\" is reserved.", Raw.upsert(keyed(Raw.key("__foo__", "n")))),
        invalid("Key path id is invalid. Must not be zero.", Raw.upsert(keyed(Raw.key("K", 0)))),
        invalid(
            "A non-transactional commit may not contain multiple mutations affecting the same"
                + " entity.",
            Raw.upsert(PLAIN),
            Raw.upsert(PLAIN)),
        invalid(
            "The property.name \"__p__\" is reserved.",
            Raw.upsert(Raw.entity(Raw.key("K", "n"), "__p__", Raw.value(1L)))),
        invalid(
            "list_value cannot contain a Value containing another list_value.",
            Raw.upsert(Raw.entity(Raw.key("K", "n"), "p", Raw.array(Raw.array(Raw.value(1L)))))),
        invalid(
            "The value of property \"p\" is longer than 1500 bytes.",
            Raw.upsert(Raw.entity(Raw.key("K", "n"), "p", Raw.value("x".repeat(1501))))),
        new Refused(
            commit(Raw.update(keyed(Raw.key("K", "nobody")))),
            Code.NOT_FOUND,
            404,
            "no entity to update"),
        new Refused(
            commit().toBuilder().setMode(Mode.TRANSACTIONAL).build(),
            Code.INVALID_ARGUMENT,
            400,
            "transactional commit requires a transaction"),
        new Refused(
            commit().toBuilder().setTransaction(ByteString.copyFromUtf8("t")).build(),
            Code.INVALID_ARGUMENT,
            400,
            "non-transaction commit cannot specify a transaction"),
        new Refused(
            commit(Raw.upsert(PLAIN)).toBuilder().setDatabaseId("(default)").build(),
            Code.INVALID_ARGUMENT,
            400,
            "\"(default)\" is an invalid database id."));
  }

  private static Entity keyed(Key key) {
    return Entity.newBuilder().setKey(key).build();
  }

  private static CommitRequest commit(Mutation... mutations) {
    CommitRequest.Builder request = CommitRequest.newBuilder().setMode(Mode.NON_TRANSACTIONAL);
    Stream.of(mutations).forEach(request::addMutations);
    return request.build();
  }

  private static Refused invalid(String text, Mutation... mutations) {
    return new Refused(commit(mutations), Code.INVALID_ARGUMENT, 400, text);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void overGrpc(Refused refused) {
    try {
      grpc.stub().commit(refused.request().toBuilder().setProjectId(grpc.project()).build());
      throw new AssertionError("was accepted");
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(refused.code());
      assertThat(e.getStatus().getDescription()).contains(refused.text());
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void overHttpWithProtobuf(Refused refused) throws Exception {
    HttpResponse<byte[]> answer =
        http.call(
            grpc.project(),
            "commit",
            refused.request().toBuilder().setProjectId(grpc.project()).build());

    assertThat(answer.statusCode()).isEqualTo(refused.httpStatus());
    assertThat(answer.headers().firstValue("content-type")).hasValue(RawHttp.PROTOBUF);
    Status status = Status.parseFrom(answer.body());
    assertThat(status.getCode()).isEqualTo(refused.code().value());
    assertThat(status.getMessage()).contains(refused.text());
  }

  @Test
  void overHttpWithJson() {
    HttpResponse<byte[]> answer =
        http.post(
            "/v1/projects/" + grpc.project() + ":commit",
            RawHttp.JSON,
            "{\"mode\":\"NON_TRANSACTIONAL\",\"mutations\":[{}]}".getBytes());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith(RawHttp.JSON);
    assertThat(new String(answer.body()).replaceAll("\\s", ""))
        .contains(
            "\"code\":400",
            "\"message\":\"Mutationismissingoperation.\"",
            "\"status\":\"INVALID_ARGUMENT\"");
  }

  @Test
  void aMissingEntityIsNoErrorAndItsKeyIsNormalised() {
    var missing = grpc.lookup(Raw.key("K", "nobody")).getMissing(0);

    assertThat(missing.getEntity().getKey().getPartitionId().getProjectId())
        .isEqualTo(grpc.project());
  }

  @Test
  void anotherProjectInAKeyIsRefused() {
    Key foreign =
        Raw.key("K", "n").toBuilder()
            .setPartitionId(com.google.datastore.v1.PartitionId.newBuilder().setProjectId("other"))
            .build();
    try {
      grpc.stub()
          .lookup(LookupRequest.newBuilder().setProjectId(grpc.project()).addKeys(foreign).build());
      throw new AssertionError("was accepted");
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(e.getStatus().getDescription()).contains("mismatched databases within request");
    }
  }
}

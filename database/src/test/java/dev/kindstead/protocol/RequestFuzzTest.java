package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.PropertyMask;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.Int32Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Mutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any body of a request is served or refused as the client's fault; what is taken to be written is
 * read from its stored bytes as it came.
 */
final class RequestFuzzTest {
  private static final AnyBytes BYTES =
      AnyBytes.refusedWith(DatastoreException.class, InvalidProtocolBufferException.class);
  private static final Set<Code> CLIENTS_FAULT =
      EnumSet.of(Code.INVALID_ARGUMENT, Code.FAILED_PRECONDITION, Code.UNIMPLEMENTED);
  private static final int BYTES_MAX = 1 << 20;

  private record Sample(Rpc rpc, Message message) {}

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample(Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "one"))),
          new Sample(
              Rpc.LOOKUP,
              Requests.lookup(Requests.key("K", "x")).toBuilder()
                  .setPropertyMask(PropertyMask.newBuilder().addPaths("a.b").addPaths("__key__"))
                  .build()),
          new Sample(
              Rpc.COMMIT,
              Requests.write(
                  Requests.upsert(
                      Requests.entity(
                          Requests.key("Task", "one"),
                          "a",
                          Requests.array(
                              Requests.text("some text"),
                              Requests.nested("b", Requests.integer(5)),
                              Requests.integer(-1)))),
                  Requests.upsert(
                      Requests.entity(Requests.incomplete("Task"), "c", Requests.text("x"))))),
          new Sample(Rpc.COMMIT, json(Rpc.COMMIT, Samples.COMMIT)),
          new Sample(Rpc.COMMIT, Requests.transactional()),
          new Sample(
              Rpc.RUN_QUERY, Requests.run(Requests.query("Task").setLimit(Int32Value.of(5)))),
          new Sample(Rpc.RUN_QUERY, json(Rpc.RUN_QUERY, Samples.QUERY)),
          new Sample(Rpc.RUN_QUERY, json(Rpc.RUN_QUERY, Samples.NEAREST)),
          new Sample(
              Rpc.RUN_QUERY,
              RunQueryRequest.newBuilder()
                  .setProjectId("p1")
                  .setGqlQuery(
                      com.google.datastore.v1.GqlQuery.newBuilder()
                          .setQueryString("SELECT * FROM K WHERE a < 1")
                          .setAllowLiterals(true))
                  .build()),
          new Sample(
              Rpc.RUN_AGGREGATION_QUERY, json(Rpc.RUN_AGGREGATION_QUERY, Samples.AGGREGATION)),
          new Sample(Rpc.RUN_AGGREGATION_QUERY, RunAggregationQueryRequest.getDefaultInstance()),
          new Sample(
              Rpc.BEGIN_TRANSACTION,
              BeginTransactionRequest.newBuilder().setProjectId("p1").build()));

  private static Message json(Rpc rpc, String json) {
    var message = rpc.request().newBuilderForType();
    try {
      JsonFormat.parser().merge(json.replace('\'', '"'), message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
    return message.build();
  }

  /** Which method, then its message. */
  static Stream<byte[]> messages() {
    return SAMPLES.stream().map(sample -> numbered(sample.rpc, sample.message.toByteArray()));
  }

  @MethodSource("messages")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void protobuf(byte[] bytes) {
    serve(bytes, HttpFormat.PROTOBUF);
  }

  static Stream<byte[]> texts() throws InvalidProtocolBufferException {
    List<byte[]> texts = new ArrayList<>();
    for (Sample sample : SAMPLES) {
      texts.add(numbered(sample.rpc, JsonFormat.printer().print(sample.message).getBytes(UTF_8)));
    }
    return texts.stream();
  }

  @MethodSource("texts")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void json(byte[] bytes) {
    serve(bytes, HttpFormat.JSON);
  }

  private static byte[] numbered(Rpc rpc, byte[] body) {
    byte[] numbered = new byte[1 + body.length];
    numbered[0] = (byte) rpc.ordinal();
    System.arraycopy(body, 0, numbered, 1, body.length);
    return numbered;
  }

  private static void serve(byte[] bytes, HttpFormat format) {
    if (bytes.length == 0) {
      return;
    }
    Rpc rpc = Rpc.values()[(bytes[0] & 0xFF) % Rpc.values().length];
    byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
    var operations = new FakeOperations();
    byte[] answer = BYTES.read(body, any -> serve(rpc, format, any, operations));
    if (answer != null) {
      BYTES.read(answer, any -> rpc.response().getParserForType().parseFrom(any));
      var commit = operations.lastCommit;
      if (commit != null) {
        commit.mutations().forEach(RequestFuzzTest::checkStored);
      }
    }
  }

  private static byte[] serve(Rpc rpc, HttpFormat format, byte[] body, FakeOperations operations)
      throws InvalidProtocolBufferException {
    try {
      var request =
          AggregatedHttpRequest.of(RequestHeaders.of(HttpMethod.POST, "/"), HttpData.wrap(body));
      var message = new HttpBody(rpc, format, request, BYTES_MAX).decode(rpc.request());
      return new Handlers(operations, Limits.DEFAULT)
          .handle(rpc, message, "p1", Long.MAX_VALUE)
          .join()
          .bytesFrom(0);
    } catch (DatastoreException refused) {
      assertThat(refused.code()).isIn(CLIENTS_FAULT);
      throw refused;
    }
  }

  private static void checkStored(Mutation mutation) {
    if (mutation.key().isComplete()) {
      byte[] row = KeyEncoding.entityKey(mutation.key());
      assertThat(KeyEncoding.decodeEntityKey(row)).isEqualTo(mutation.key());
    }
    Entity entity = mutation.entity();
    if (entity != null) {
      assertThat(EntityEncoding.decode(EntityEncoding.encode(entity))).isEqualTo(entity);
    }
  }
}

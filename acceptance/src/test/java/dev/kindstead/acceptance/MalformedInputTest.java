package dev.kindstead.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitRequest.Mode;
import com.google.datastore.v1.CommitResponse;
import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever arrives, the answer is a clear error and the server lives. */
@Tag("shared")
@ExtendWith(SharedServer.class)
class MalformedInputTest {
  private static final int OVERSIZED_BYTES = 64 << 20;
  private static final int FUZZ_ROUNDS = 400;
  private static final long FUZZ_SEED = Long.getLong("fuzz.seed", 20261121L);

  private final String project = Projects.fresh();
  private final Endpoint server;
  private RawHttp http;
  private RawGrpc grpc;

  MalformedInputTest(Endpoint server) {
    this.server = server;
  }

  @BeforeEach
  void open() {
    http = new RawHttp(server);
    grpc = new RawGrpc(server, project);
  }

  @AfterEach
  void theServerStillServes() {
    grpc.commit(Raw.upsert(Raw.entity(Raw.key("Alive", "yes"), "p", Raw.value(1L))));
    assertThat(grpc.lookup(Raw.key("Alive", "yes")).getFoundCount()).isEqualTo(1);
    assertThat(http.get("/").statusCode()).isEqualTo(200);
    http.close();
    grpc.close();
  }

  private String url(String method) {
    return "/v1/projects/" + project + ":" + method;
  }

  private byte[] validCommit() {
    return CommitRequest.newBuilder()
        .setProjectId(project)
        .setMode(Mode.NON_TRANSACTIONAL)
        .addMutations(Raw.upsert(Raw.entity(Raw.key("K", "name"), "property", Raw.value("text"))))
        .build()
        .toByteArray();
  }

  private static Status refusal(HttpResponse<byte[]> answer) {
    try {
      assertThat(answer.headers().firstValue("content-type")).hasValue(RawHttp.PROTOBUF);
      return Status.parseFrom(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void truncatedProtobuf() {
    byte[] whole = validCommit();
    HttpResponse<byte[]> answer =
        http.post(url("commit"), RawHttp.PROTOBUF, Arrays.copyOf(whole, whole.length - 3));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(refusal(answer).getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
  }

  @Test
  void textThatIsNotUtf8() {
    byte[] bad = replaced(validCommit(), "name", new byte[] {'n', (byte) 0xff, (byte) 0xfe, 'e'});

    HttpResponse<byte[]> answer = http.post(url("commit"), RawHttp.PROTOBUF, bad);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(refusal(answer).getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
    assertThat(grpcCode("Commit", bad)).isEqualTo(Code.INVALID_ARGUMENT);
  }

  private static byte[] replaced(byte[] message, String text, byte[] by) {
    String latin = new String(message, java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] changed = message.clone();
    System.arraycopy(by, 0, changed, latin.indexOf(text), by.length);
    return changed;
  }

  @Test
  void wrongJson() {
    for (String body : new String[] {"{", "[]", "\"x\"", "{\"mutations\":7}", "{\"nonsense\":1}"}) {
      HttpResponse<byte[]> answer = http.post(url("commit"), RawHttp.JSON, body.getBytes(UTF_8));

      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(new String(answer.body(), UTF_8)).as(body).contains("INVALID_ARGUMENT");
    }
  }

  @Test
  void jsonNestedTooDeep() {
    String deep = "{\"mutations\":" + "[".repeat(100_000);

    assertThat(http.post(url("commit"), RawHttp.JSON, deep.getBytes(UTF_8)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void anUnknownMethodPathOrContentType() {
    assertThat(http.post(url("explode"), RawHttp.PROTOBUF, new byte[0]).statusCode())
        .isEqualTo(404);
    assertThat(http.get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(http.post(url("lookup"), "text/plain", new byte[0]).statusCode())
        .isBetween(400, 499);
    assertThat(grpcCode("Explode", new byte[0])).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(grpcCode("Execute", new byte[0])).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void aRequestBeyondTheLimit() {
    byte[] huge = new byte[OVERSIZED_BYTES];
    try {
      assertThat(http.post(url("commit"), RawHttp.PROTOBUF, huge).statusCode()).isBetween(400, 499);
    } catch (AssertionError e) {
      // Refused in the middle of the upload: the client may see the closed connection first.
      assertThat(e).hasMessage("no answer");
    }
    assertThat(grpcCode("Commit", huge))
        .isIn(Code.RESOURCE_EXHAUSTED, Code.INVALID_ARGUMENT, Code.CANCELLED);
  }

  @Test
  void bytesThatAreNoProtocolAtAll() throws Exception {
    Random random = new Random(FUZZ_SEED);
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.getOutputStream().write(noise);
        socket.getOutputStream().flush();
      }
    }
  }

  @Test
  void aRequestThatStopsHalfway() throws Exception {
    String head =
        "POST " + url("commit") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().flush();
    }
  }

  /** A message with bytes changed, cut or added is accepted or INVALID_ARGUMENT, never a crash. */
  @Test
  void mutilatedMessages() {
    Set<Code> fair =
        EnumSet.of(
            Code.OK,
            Code.INVALID_ARGUMENT,
            Code.NOT_FOUND,
            Code.ALREADY_EXISTS,
            Code.FAILED_PRECONDITION,
            Code.UNIMPLEMENTED);
    Random random = new Random(FUZZ_SEED);
    String[] methods = {"Commit", "Lookup", "RunQuery", "RunAggregationQuery", "AllocateIds"};
    for (int i = 0; i < FUZZ_ROUNDS; i++) {
      byte[] message = mutilated(validCommit(), random);
      String method = methods[random.nextInt(methods.length)];
      assertThat(grpcCode(method, message))
          .as("seed %s, round %s, %s %s", FUZZ_SEED, i, method, ByteString.copyFrom(message))
          .isIn(fair);
    }
  }

  private static byte[] mutilated(byte[] message, Random random) {
    byte[] changed = Arrays.copyOf(message, 1 + random.nextInt(message.length + 8));
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    return changed;
  }

  private Code grpcCode(String method, byte[] message) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
            .setType(MethodType.UNARY)
            .setFullMethodName("google.datastore.v1.Datastore/" + method)
            .build();
    try {
      ClientCalls.blockingUnaryCall(grpc.channel(), descriptor, CallOptions.DEFAULT, message);
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  @Test
  void anEmptyCommitIsFine() throws Exception {
    byte[] empty = CommitRequest.newBuilder().setMode(Mode.NON_TRANSACTIONAL).build().toByteArray();
    HttpResponse<byte[]> answer = http.post(url("commit"), RawHttp.PROTOBUF, empty);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(CommitResponse.parseFrom(answer.body()).getMutationResultsCount()).isZero();
  }
}

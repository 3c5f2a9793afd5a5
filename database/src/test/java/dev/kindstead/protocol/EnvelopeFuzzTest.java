package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What requests and answers come in: any bytes are that or refused. */
final class EnvelopeFuzzTest {
  private static final int BYTES_MAX = 64 << 10;
  private static final byte[] LOOKUP = Requests.lookup(Requests.key("K", "x")).toByteArray();
  private static final RequestHeaders GZIP =
      RequestHeaders.of(HttpMethod.POST, "/", "grpc-encoding", "gzip");

  static Stream<byte[]> frames() {
    return Stream.of(
        OpenDoor.frame((byte) 0, LOOKUP), OpenDoor.frame((byte) 1, Gzip.compress(LOOKUP)));
  }

  @MethodSource("frames")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void grpcFrame(byte[] bytes) {
    var refused =
        AnyBytes.refusedWith(DatastoreException.class, InvalidProtocolBufferException.class);
    refused.read(bytes, any -> GrpcFrames.parse(Rpc.LOOKUP.request(), any, GZIP, BYTES_MAX));
    byte[] message = refused.read(bytes, any -> GrpcFrames.messageFrom(3, any, GZIP, BYTES_MAX));
    assertThat(message == null ? 3 : message.length).isBetween(3, 3 + BYTES_MAX + bytes.length);
  }

  static Stream<byte[]> calls() throws InvalidProtocolBufferException {
    RequestBody body = RequestBody.of(Requests.lookup(Requests.key("K", "x")));
    return Stream.of(
        ForwardedCall.encode(Rpc.LOOKUP.verb(), "p1", 1_000_000, body),
        ForwardedCall.encode("google.longrunning.Operations/GetOperation", null, -1, body));
  }

  @MethodSource("calls")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void forwardedCall(byte[] bytes) {
    var refused = AnyBytes.refusedWith(ForwardedCall.MalformedException.class);
    ForwardedCall call = refused.read(bytes, ForwardedCall::read);
    if (call != null) {
      call.isOldRead(Rpc.LOOKUP);
      AnyBytes.refusedWith(InvalidProtocolBufferException.class)
          .read(bytes, _ -> call.decode(Rpc.LOOKUP.request()));
    }
  }

  static Stream<byte[]> replies() {
    return Stream.of(
        ForwardedReply.encode(new Failure(Code.ABORTED, "nö")),
        ForwardedReply.encode(Answer.of(Requests.lookup())),
        ForwardedReply.notServed());
  }

  @MethodSource("replies")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void forwardedReply(byte[] bytes) {
    Reply reply =
        AnyBytes.refusedWith(IllegalArgumentException.class)
            .comesBack(bytes.clone(), ForwardedReply::read, ForwardedReply::encode);
    if (reply instanceof Failure failure) {
      GrpcFrames.failureHeaders(failure);
      HttpFormat.JSON.failure(failure);
    }
    GrpcTimeout.nanos(new String(bytes, UTF_8));
  }
}

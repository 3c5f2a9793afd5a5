package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.v1.LookupRequest;
import dev.kindstead.environment.Network;
import dev.kindstead.model.Code;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What one node writes another one reads; what is neither is refused. */
final class ForwardedCallTest {
  private static final long SEED = 20_261_203;
  private static final LookupRequest LOOKUP = Requests.lookup(Requests.key("Task", "one"));

  private static byte[] envelope(String project) throws Exception {
    return ForwardedCall.encode("lookup", project, 42, RequestBody.of(LOOKUP));
  }

  @Test
  void aCallIsReadAsItWasWritten() throws Exception {
    ForwardedCall call = ForwardedCall.read(envelope("é1"));
    assertThat(call.method()).isEqualTo("lookup");
    assertThat(call.project()).isEqualTo("é1");
    assertThat(call.nanosLeft()).isEqualTo(42);
    assertThat(call.decode(LookupRequest.getDefaultInstance())).isEqualTo(LOOKUP);
    byte[] ofGrpc = ForwardedCall.encode("lookup", null, 1, RequestBody.of(LOOKUP));
    assertThat(ForwardedCall.read(ofGrpc).project()).isNull();
  }

  @Test
  void theBytesOfVersion1StayTheSame() throws Exception {
    byte[] message = LOOKUP.toByteArray();
    byte[] envelope = envelope("p");
    int header = envelope.length - message.length;
    assertThat(Arrays.copyOf(envelope, header))
        .containsExactly(
            1, 0, 0, 0, 0, 0, 0, 0, 42, 6, 'l', 'o', 'o', 'k', 'u', 'p', 0, 0, 0, 1, 'p');
    assertThat(Arrays.copyOfRange(envelope, header, envelope.length)).isEqualTo(message);
    assertThat(ForwardedReply.encode(new Failure(Code.ABORTED, "no")))
        .containsExactly(1, 10, 'n', 'o');
    assertThat(ForwardedReply.notServed()).containsExactly(2);
    byte[] answer = ForwardedReply.encode(Answer.of(LOOKUP));
    assertThat(answer).startsWith(0, 0, 0, 0, 0).endsWith(message);
  }

  @Test
  void aReplyIsReadAsItWasWritten() {
    var failure = new Failure(Code.NOT_FOUND, "naïve");
    assertThat(ForwardedReply.read(ForwardedReply.encode(failure))).isEqualTo(failure);
    assertThat(ForwardedReply.read(ForwardedReply.notServed())).isNull();
    byte[] message = LOOKUP.toByteArray();
    for (int offset : new int[] {0, 3, GrpcFrames.PREFIX_BYTES}) {
      var answer = (Answer) ForwardedReply.read(ForwardedReply.encode(Answer.of(LOOKUP)));
      byte[] bytes = Objects.requireNonNull(answer).bytesFrom(offset);
      assertThat(bytes).hasSize(offset + message.length).endsWith(message);
    }
    for (byte[] malformed : new byte[][] {{}, {0}, {1}, {2, 0}, {3, 0, 0, 0, 0, 0}}) {
      assertThatThrownBy(() -> ForwardedReply.read(malformed))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void malformedBytesAreRefusedAndDoNoHarm() throws Exception {
    var random = new Random(SEED);
    byte[] good = envelope("p1");
    try (var doors = new JoinedDoors()) {
      for (int i = 0; i < good.length - LOOKUP.getSerializedSize(); i++) {
        assertThat(refusal(doors, Arrays.copyOf(good, i))).contains("Malformed");
      }
      assertThat(refusal(doors, mutated(good, 0, (byte) 2))).contains("version 2");
      assertThat(refusal(doors, mutated(good, 10, (byte) 'x'))).contains("no method xookup");
      for (int i = 0; i < 500; i++) {
        byte[] bytes = mutated(good, random.nextInt(good.length), (byte) random.nextInt());
        ask(doors, bytes);
      }
      byte[] written = Requests.writeValue(Requests.integer(1)).toByteArray();
      assertThat(OpenDoor.status(doors.at("b").grpc(Rpc.COMMIT, written))).isEqualTo("0");
      assertThat(doors.operations.commits).hasValue(1);
    }
  }

  private static byte[] mutated(byte[] bytes, int at, byte to) {
    byte[] mutated = bytes.clone();
    mutated[at] = to;
    return mutated;
  }

  /** Why it is refused, or an empty text when there is a reply. */
  private static String refusal(JoinedDoors doors, byte[] bytes) {
    String refusal = ask(doors, bytes);
    assertThat(refusal).isNotEmpty();
    return refusal;
  }

  private static String ask(JoinedDoors doors, byte[] bytes) {
    try {
      byte[] reply =
          doors
              .network
              .of("b")
              .call("a", Network.Service.CALLS, bytes, Duration.ofSeconds(20))
              .join();
      assertThat(reply).isNotEmpty();
      return "";
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(Network.Refused.class);
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void theDeadlineIsCheckedOnArrival() throws Exception {
    try (var doors = new JoinedDoors()) {
      byte[] late = ForwardedCall.encode("lookup", "p1", 0, RequestBody.of(LOOKUP));
      byte[] reply =
          doors
              .network
              .of("b")
              .call("a", Network.Service.CALLS, late, Duration.ofSeconds(20))
              .join();
      assertThat(new String(reply, UTF_8)).contains("the deadline passed");
      assertThat(doors.operations.lastLookup).isNull();
    }
  }
}

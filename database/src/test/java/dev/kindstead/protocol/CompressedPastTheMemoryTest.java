package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.v1.CommitRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.kindstead.model.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Some kilobytes that become megabytes, many at a time, end a node for want of memory. */
final class CompressedPastTheMemoryTest {
  /** As much as all requests together may hold. */
  private static final int BYTES_MAX = Math.toIntExact(Runtime.getRuntime().maxMemory() / 16);

  /** More than half of it. */
  private static byte[] compressed() {
    var padding =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.copyFrom(new byte[BYTES_MAX / 5 * 3]))
            .build();
    CommitRequest commit = Requests.writeValue(Requests.text("x"));
    return Gzip.compress(
        commit.toBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder().addField(999, padding).build())
            .build()
            .toByteArray());
  }

  @Test
  void theSecondThatDoesNotFitIsRefused() throws Exception {
    var limits = TransportLimits.defaults().with(BYTES_MAX, 100, 100);
    try (var door = new OpenDoor(Limits.DEFAULT, limits)) {
      byte[] body = compressed();
      var stuck = new CompletableFuture<Object>();
      door.operations.outcome = stuck;
      var first = CompletableFuture.supplyAsync(() -> grpc(door, body));
      while (door.operations.lastCommit == null) {
        Thread.sleep(5);
      }
      String exhausted = String.valueOf(Code.RESOURCE_EXHAUSTED.number());
      assertThat(grpc(door, body)).isEqualTo(exhausted);
      assertThat(http(door, body)).isEqualTo(429);
      stuck.completeExceptionally(new IllegalStateException("end"));
      assertThat(first.join()).isEqualTo("13");
      door.operations.outcome = null;
      assertThat(grpc(door, body)).isEqualTo("0");
      assertThat(http(door, body)).isEqualTo(200);
    }
  }

  private static String grpc(OpenDoor door, byte[] body) {
    var response =
        door.grpcFrame(
            "/" + Rpc.SERVICE + "/Commit", OpenDoor.frame((byte) 1, body), "grpc-encoding", "gzip");
    return OpenDoor.status(response);
  }

  private static int http(OpenDoor door, byte[] body) {
    return door.send(
            HttpRequest.newBuilder(door.uri("/v1/projects/p1:commit"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
        .statusCode();
  }

  /** Only the last of several parts says how long it is. */
  @Test
  void oneInPartsIsMalformed() throws IOException {
    var parts = new ByteArrayOutputStream();
    parts.write(Gzip.compress(new byte[100_000]));
    parts.write(Gzip.compress(new byte[1]));
    byte[] bytes = parts.toByteArray();
    assertThatThrownBy(() -> Gzip.decompress(bytes, 0, bytes.length, 1_000_000))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }
}

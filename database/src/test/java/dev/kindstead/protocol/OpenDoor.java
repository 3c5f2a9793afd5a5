package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.administration.Administration;
import dev.kindstead.admission.Gates;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A front door on a free loopback port, and a client for each of its transports. */
final class OpenDoor implements AutoCloseable {
  final FakeOperations operations;
  final List<ReadinessCheck> checks = new ArrayList<>();
  final FrontDoor door;
  private final SystemTimers timers = new SystemTimers();
  final Gates gates = new Gates(new SystemClock(), timers);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ClientFactory clients = ClientFactory.builder().build();
  private final WebClient http2;

  OpenDoor() {
    this(Limits.DEFAULT, TransportLimits.defaults());
  }

  OpenDoor(Limits limits, TransportLimits transport) {
    this(limits, transport, new FakeOperations(), null, Forwarding.NONE);
  }

  OpenDoor(
      Limits limits,
      TransportLimits transport,
      FakeOperations operations,
      @Nullable Administration administration,
      Forwarding forwarding) {
    this.operations = operations;
    var development =
        new FrontDoorOptions.Development(
            () -> CompletableFuture.completedFuture(null), () -> checks.clear(), "localhost");
    door =
        new FrontDoor(
            new FrontDoorOptions(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                null,
                limits,
                transport,
                development),
            operations,
            gates,
            administration,
            forwarding,
            () -> List.copyOf(checks),
            NoCluster.NONE,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    door.start().join();
    http2 = WebClient.builder("h2c://127.0.0.1:" + door.port()).factory(clients).build();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> protobuf(Rpc rpc, Message request) {
    return post("/v1/projects/p1:" + rpc.verb(), "application/x-protobuf", request.toByteArray());
  }

  String json(Rpc rpc, String body) {
    return new String(
        post("/v1/projects/p1:" + rpc.verb(), "application/json", body.getBytes(UTF_8)).body(),
        UTF_8);
  }

  AggregatedHttpResponse grpc(Rpc rpc, byte[] message, String... headers) {
    return grpcFrame("/" + Rpc.SERVICE + "/" + rpc.method(), frame((byte) 0, message), headers);
  }

  AggregatedHttpResponse grpcFrame(String path, byte[] frame, String... headers) {
    var all =
        RequestHeaders.builder(HttpMethod.POST, path)
            .add("content-type", "application/grpc")
            .add("te", "trailers");
    for (int i = 0; i < headers.length; i += 2) {
      all.set(headers[i], headers[i + 1]);
    }
    return http2.execute(all.build(), HttpData.wrap(frame)).aggregate().join();
  }

  static byte[] frame(byte flag, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put(flag)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /** The gRPC status, from the trailers or from the only headers. */
  static String status(AggregatedHttpResponse response) {
    return response.trailers().get("grpc-status", response.headers().get("grpc-status", "none"));
  }

  @SuppressWarnings("unchecked")
  static <M extends Message> M message(AggregatedHttpResponse response, M prototype)
      throws InvalidProtocolBufferException {
    byte[] frame = response.content().array();
    return (M) prototype.getParserForType().parseFrom(frame, 5, frame.length - 5);
  }

  @Override
  public void close() {
    // Before the door: it gives open HTTP/2 connections a second to end.
    clients.close();
    door.stop().join();
    timers.close();
  }
}

package dev.kindstead.acceptance;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** HTTP/1.1 byte by byte, as the Java client and plain JSON programs speak it. Thread-safe. */
final class RawHttp implements AutoCloseable {
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Endpoint server;
  private final Duration deadline;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  RawHttp(Endpoint server) {
    this(server, DEADLINE);
  }

  RawHttp(Endpoint server, Duration deadline) {
    this.server = server;
    this.deadline = deadline;
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  /** {@code method} is one of the API's, such as {@code lookup}. */
  HttpResponse<byte[]> call(String project, String method, MessageLite message) {
    return post("/v1/projects/" + project + ":" + method, PROTOBUF, message.toByteArray());
  }

  HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", contentType)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> patch(String path, String json) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", JSON)
            .method("PATCH", BodyPublishers.ofString(json)));
  }

  private URI uri(String path) {
    return URI.create("http://" + server.hostAndPort() + path);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(deadline).build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

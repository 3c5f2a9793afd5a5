package dev.kindstead.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Calls over HTTP that wait for their answer, for what need not be fast: it connects again by
 * itself. Thread-safe.
 */
final class DatastoreOverHttp implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(1);

  /** Longer than the 10 s after which a node gives up to look for one that serves. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();
  private final String project;

  DatastoreOverHttp(String project) {
    this.project = project;
  }

  /**
   * @param method as in a URL, such as commit
   */
  HttpResponse<byte[]> call(int port, String method, byte[] request) throws IOException {
    URI uri = URI.create("http://localhost:%d/v1/projects/%s:%s".formatted(port, project, method));
    try {
      return http.send(
          HttpRequest.newBuilder(uri)
              .timeout(ANSWER_MAX)
              .header("content-type", "application/x-protobuf")
              .POST(BodyPublishers.ofByteArray(request))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

package dev.kindstead.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls the admin API of a running node over HTTP with JSON. Confined to one thread. */
final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /** A check of all indexes reads the whole database. */
  private static final Duration ANSWER_MAX = Duration.ofHours(6);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();
  private final String endpoint;

  /**
   * @param endpoint {@code host:port} or a URL
   */
  AdminClient(String endpoint) {
    this.endpoint = endpoint.contains("://") ? endpoint : "http://" + endpoint;
  }

  /**
   * Calls a method.
   *
   * @param path behind {@code /v1/}
   * @param body JSON, empty for none
   * @throws Refusal with the server's own words, or that there is none
   */
  Struct call(String verb, String path, String body) {
    HttpResponse<String> response;
    try {
      URI uri = URI.create(endpoint + "/v1/" + path.replace("(", "%28").replace(")", "%29"));
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .timeout(ANSWER_MAX)
              .header("content-type", "application/json")
              .method(verb, HttpRequest.BodyPublishers.ofString(body))
              .build();
      response = http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.ADDRESS,
          "no answer from %s: %s\nIs the server running there? --endpoint chooses another one."
              .formatted(endpoint, e.getMessage() == null ? e.toString() : e.getMessage()));
    } catch (InterruptedException e) {
      throw new Refusal(ExitCode.UNEXPECTED, "interrupted");
    }
    Struct answer = parse(response.body());
    if (response.statusCode() >= 400) {
      Struct error =
          answer.getFieldsOrDefault("error", Value.getDefaultInstance()).getStructValue();
      throw new Failed(
          error.getFieldsOrDefault("status", Value.getDefaultInstance()).getStringValue(),
          error.getFieldsOrDefault("message", Value.getDefaultInstance()).getStringValue());
    }
    return answer;
  }

  /** The server refused. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String status;

    Failed(String status, String message) {
      super(message);
      this.status = status;
    }

    /** The name of the gRPC code. */
    String status() {
      return status;
    }
  }

  private Struct parse(String json) {
    var answer = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(json, answer);
    } catch (InvalidProtocolBufferException e) {
      throw new Refusal(
          ExitCode.ADDRESS, "%s does not answer as Kindstead does: %s".formatted(endpoint, json));
    }
    return answer.build();
  }

  @Override
  public void close() {
    http.close();
  }
}

package dev.kindstead.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.kindstead.jobs.IndexCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Calls the admin API of a running node over HTTP with JSON. Confined to one thread. */
final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  /** A check of all indexes reads the whole database. */
  private static final Duration ANSWER_MAX = IndexCheck.TIME_MAX;

  /** A node waits two seconds for the others. */
  private static final Duration PAGE_MAX = Duration.ofSeconds(10);

  /** The server tells within 20 s what came of it, or that nobody knows. */
  private static final Duration CHANGE_MAX = Duration.ofSeconds(30);

  private final HttpClient http;
  private final String endpoint;

  /**
   * @param endpoint {@code host:port} or a URL
   * @param trust whose certificates count; null for those that Java trusts, and for no TLS unless
   *     the URL says so
   */
  AdminClient(String endpoint, @Nullable SSLContext trust) {
    this.endpoint =
        endpoint.contains("://") ? endpoint : (trust == null ? "http://" : "https://") + endpoint;
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_MAX);
    if (trust != null) {
      builder.sslContext(trust);
    }
    http = builder.build();
  }

  /**
   * Calls a method.
   *
   * @param path behind {@code /v1/}
   * @param body JSON, empty for none
   * @throws Refusal with the server's own words, or that there is none
   */
  Struct call(String verb, String path, String body) {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder()
                .timeout(ANSWER_MAX)
                .header("content-type", "application/json")
                .method(verb, HttpRequest.BodyPublishers.ofString(body)),
            "/v1/" + path.replace("(", "%28").replace(")", "%29"));
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

  /**
   * Gets a page for tools.
   *
   * @param path from the root, with its slash
   * @throws Refusal when there is none
   */
  String page(String path) {
    HttpResponse<String> response = send(HttpRequest.newBuilder().timeout(PAGE_MAX).GET(), path);
    if (response.statusCode() != 200) {
      throw new Refusal(
          ExitCode.ADDRESS,
          "%s has no page %s (HTTP %d): it is not Kindstead, or an older one"
              .formatted(endpoint, path, response.statusCode()));
    }
    return response.body();
  }

  /**
   * Has something done.
   *
   * @param path from the root, with its slash
   * @return why not, in the server's words, or empty
   * @throws Refusal when the server does not know of such a thing, or nobody knows what came of it
   */
  String change(String path, String body) {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder()
                .timeout(CHANGE_MAX)
                .POST(HttpRequest.BodyPublishers.ofString(body)),
            path,
            true);
    return switch (response.statusCode()) {
      case 200 -> "";
      case 409 -> response.body().strip();
      case 504 -> throw new Refusal(ExitCode.OUTCOME_UNKNOWN, response.body().strip());
      default ->
          throw new Refusal(
              ExitCode.ADDRESS,
              "%s does not take %s (HTTP %d): it is not Kindstead, or an older one"
                  .formatted(endpoint, path, response.statusCode()));
    };
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) {
    return send(request, path, false);
  }

  /**
   * @param isChange whether it may have been done when there is no answer
   */
  private HttpResponse<String> send(HttpRequest.Builder request, String path, boolean isChange) {
    try {
      return http.send(
          request.uri(URI.create(endpoint + path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (SSLException e) {
      throw new Refusal(
          ExitCode.ADDRESS,
          "%s is not trusted, or speaks no TLS: %s\nOf an authority of one's own, %s FILE names the certificate; the endpoint's name must be in the server's."
              .formatted(endpoint, e.getMessage(), ServerEndpoint.AUTHORITY));
    } catch (IOException | IllegalArgumentException e) {
      if (endpoint.startsWith("http://") && TlsProbe.speaksTls(URI.create(endpoint))) {
        throw new Refusal(
            ExitCode.ADDRESS,
            "%s speaks TLS, and was asked without: name it https://%s"
                .formatted(endpoint, endpoint.substring("http://".length())));
      }
      String reason = e.getMessage();
      if (isChange && e instanceof IOException lost && mayHaveArrived(lost)) {
        throw new Refusal(
            ExitCode.OUTCOME_UNKNOWN,
            "no answer from %s (%s), so nobody knows whether it was done: look at `kindstead cluster status` before you try again"
                .formatted(endpoint, reason == null ? "the connection was lost" : reason));
      }
      throw new Refusal(
          ExitCode.ADDRESS,
          "no answer from %s: %s\nIs the server running there? A node of a cluster answers when it has met a majority; its log says whom it waits for. --endpoint chooses another one."
              .formatted(endpoint, reason == null ? "can't connect" : reason));
    } catch (InterruptedException e) {
      throw new Refusal(ExitCode.UNEXPECTED, "interrupted");
    }
  }

  private static boolean mayHaveArrived(IOException lost) {
    return !(lost instanceof ConnectException || lost instanceof HttpConnectTimeoutException);
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

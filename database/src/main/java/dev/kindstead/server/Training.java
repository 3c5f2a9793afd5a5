package dev.kindstead.server;

import dev.kindstead.cli.Configuration;
import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the launcher has the JVM watch while it writes its AOT cache: a node, for development or a
 * durable one, that starts, answers a few requests and ends. Not a command for users.
 */
final class Training {
  static final String COMMAND = "train";

  private static final int ROUNDS = 20;

  /** A start must not wait for ever for what only makes the next ones faster. */
  private static final Duration TIME_MAX = Duration.ofSeconds(60);

  private static final List<Map.Entry<String, String>> CALLS =
      List.of(
          Map.entry("allocateIds", "{\"keys\":[{\"path\":[{\"kind\":\"Warm\"}]}]}"),
          Map.entry("beginTransaction", "{}"),
          Map.entry(
              "commit",
              """
              {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert": {
                "key": {"path": [{"kind": "Warm", "name": "up"}]},
                "properties": {"text": {"stringValue": "x"}, "number": {"integerValue": "7"}}}}]}
              """),
          Map.entry("lookup", "{\"keys\":[{\"path\":[{\"kind\":\"Warm\",\"name\":\"up\"}]}]}"),
          Map.entry("runQuery", "{\"query\":{\"kind\":[{\"name\":\"Warm\"}],\"limit\":5}}"),
          Map.entry(
              "runQuery",
              """
              {"query": {"kind": [{"name": "Warm"}], "filter": {"propertyFilter": {
                "property": {"name": "number"}, "op": "EQUAL", "value": {"integerValue": "7"}}}}}
              """));

  private Training() {}

  /**
   * @param command that is to start faster, with addresses that are free and a directory of its own
   */
  static int run(String... command) {
    Thread.ofPlatform().daemon().name("training").start(Training::giveUpInTime);
    return new Kindstead(Map.of(), Training::serve).run(command);
  }

  private static void giveUpInTime() {
    try {
      Thread.sleep(TIME_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.UNEXPECTED);
  }

  private static int serve(Configuration configuration) {
    NodeOptions options = NodeOptions.of(configuration);
    try (Node node = Node.start(options, () -> {}, _ -> {});
        var client = HttpClient.newHttpClient()) {
      Greeting.of(configuration, options, node.port());
      var root = URI.create("http://127.0.0.1:" + node.port());
      get(client, root.resolve("/"));
      get(client, root.resolve("/readyz?verbose"));
      for (int round = 0; round < ROUNDS; round++) {
        for (var call : CALLS) {
          var uri = root.resolve("/v1/projects/warm-up:" + call.getKey());
          post(client, uri, "application/json", call.getValue(), Version.HTTP_1_1);
          // An empty message: refused, but read and answered by the same classes.
          post(client, uri, "application/x-protobuf", "", Version.HTTP_1_1);
        }
      }
      var grpc = root.resolve("/google.datastore.v1.Datastore/Lookup");
      post(client, grpc, "application/grpc", "\0\0\0\0\0", Version.HTTP_2);
      return ExitCode.OK;
    } catch (IOException e) {
      return ExitCode.UNEXPECTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.UNEXPECTED;
    }
  }

  private static void get(HttpClient client, URI uri) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri).version(Version.HTTP_1_1).build();
    client.send(request, BodyHandlers.ofByteArray());
  }

  private static void post(
      HttpClient client, URI uri, String contentType, String body, Version version)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .version(version)
            .header("content-type", contentType)
            .POST(BodyPublishers.ofString(body))
            .build();
    client.send(request, BodyHandlers.ofByteArray());
  }
}

package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.directory.DescriptionJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is done about a node that nobody knows: who had "2" removed, which was the node's number
 * and not its id, heard "Done." and stopped a node that still had its vote.
 */
@Timeout(60)
final class NodeMistakenTest {
  @TempDir private Path directory;

  private Node start() {
    return StartedNode.by(
        "start",
        "--data-dir=" + directory,
        "--listen=localhost:0",
        "--node-listen=localhost:0",
        "--shards=1");
  }

  @Test
  void aNumberIsNoId() throws Exception {
    try (Node node = start();
        HttpClient http = HttpClient.newHttpClient()) {
      String url = "http://localhost:" + node.port() + "/cluster";
      for (String action : List.of("remove", "add", "drain")) {
        var request =
            HttpRequest.newBuilder(URI.create(url + "/" + action))
                .POST(HttpRequest.BodyPublishers.ofString("2"));
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body())
            .containsAnyOf("no node is called 2", "no address of node 2 is known");
      }
      var page = HttpRequest.newBuilder(URI.create(url)).build();
      String json = http.send(page, HttpResponse.BodyHandlers.ofString()).body();
      assertThat(DescriptionJson.readCluster(json).isRemoved("2")).isFalse();
    }
  }
}

package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.directory.DescriptionJson;
import dev.kindstead.replication.NodePlace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node alone is a cluster as well: the page, the commands and the metrics know it. */
@Timeout(60)
final class ClusterCommandsTest {
  private final StringWriter output = new StringWriter();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Node node =
      StartedNode.by("dev", "--listen=localhost:0", "--zone=rack-1", "--weight=2", "--shards=2");

  @AfterEach
  void close() {
    http.close();
    node.close();
  }

  private String get(String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + node.port() + path));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private int run(Map<String, String> environment, String... arguments) {
    return new Kindstead(environment, _ -> ExitCode.OK)
        .writingTo(new PrintWriter(output, true))
        .run(arguments);
  }

  private Map<String, String> endpoint() {
    return Map.of("DATASTORE_EMULATOR_HOST", "localhost:" + node.port());
  }

  @Test
  void thePageShowsTheOneNode() throws Exception {
    var cluster = DescriptionJson.readCluster(get("/cluster"));
    assertThat(cluster.reachable())
        .singleElement()
        .satisfies(self -> {
          assertThat(self.serves()).isTrue();
          assertThat(self.apiAddress()).isEqualTo("localhost:" + node.port());
          assertThat(self.place()).isEqualTo(new NodePlace("rack-1", 2));
          assertThat(self.nodeId()).isEqualTo(cluster.askedNodeId());
        });
    assertThat(cluster.groups()).containsExactly("system", "shard-0000", "shard-0001");
    assertThat(cluster.quorum().isMajority()).isTrue();
  }

  @Test
  void theCommandsShowIt() {
    assertThat(run(endpoint(), "cluster", "status")).isZero();
    assertThat(output.toString()).contains("node 1 serves", "1 of 1 nodes reachable");
    assertThat(run(endpoint(), "node", "list")).isZero();
    assertThat(output.toString()).contains("rack-1");
    assertThat(run(endpoint(), "shard", "list", "--json")).isZero();
    assertThat(output.toString()).contains("\"group\": \"shard-0001\"");
  }

  @Test
  void severalNodesAreNotRemovedAtOnce() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + node.port() + "/cluster/remove"))
            .POST(HttpRequest.BodyPublishers.ofString("node-000000000001 node-000000000002"));
    assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()))
        .satisfies(answer -> {
          assertThat(answer.statusCode()).isEqualTo(409);
          assertThat(answer.body()).contains("one node at a time");
        });
  }

  @Test
  void whereNobodyListensTheCommandSaysWhatToDo() {
    assertThat(run(Map.of(), "cluster", "status", "--endpoint=localhost:1"))
        .isEqualTo(ExitCode.ADDRESS);
    assertThat(output.toString()).contains("no answer from http://localhost:1", "--endpoint");
  }

  @Test
  void theMetricsKnowWhoServes() throws Exception {
    String metrics = "";
    for (int attempt = 0; attempt < 100 && !metrics.contains("lag_entries"); attempt++) {
      Thread.sleep(50);
      metrics = get("/metrics");
    }
    assertThat(metrics)
        .contains("kindstead_serving 1.0")
        .contains("kindstead_replica_leads{group=\"shard-0001\"} 1.0")
        .contains("kindstead_replica_applied_log_index{group=\"system\"}")
        .contains("kindstead_replica_lag_entries{group=\"system\"}")
        .contains("kindstead_nodes_reachable");
  }
}

package dev.kindstead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.DescribedNode;
import dev.kindstead.directory.DescriptionJson;
import dev.kindstead.directory.NodeCondition;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import dev.kindstead.telemetry.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who hears "drained" stops the node: it must not lead anything any more then. */
final class DrainGoesOnTest {
  private static final List<String> VOTERS = List.of("node-a", "node-b", "node-c");

  private final StringWriter output = new StringWriter();

  /** How often it has been looked at since the drain was asked for, negative before. */
  private final AtomicInteger looks = new AtomicInteger(Integer.MIN_VALUE);

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/cluster",
        exchange -> {
          int look = looks.incrementAndGet();
          answer(exchange, Json.write(DescriptionJson.tree(cluster(look < 3))));
        });
    server.createContext(
        "/cluster/drain",
        exchange -> {
          looks.set(0);
          answer(exchange, "Done, or begun.\n");
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    exchange.sendResponseHeaders(200, text.getBytes(UTF_8).length);
    exchange.getResponseBody().write(text.getBytes(UTF_8));
    exchange.close();
  }

  /** Node b serves; node a leads a shard, or leads it no more. */
  private static ClusterDescription cluster(boolean leads) {
    var reports =
        VOTERS.stream()
            .map(id -> {
              boolean serves = id.equals("node-b");
              Role ofShard = id.equals(leads ? "node-a" : "node-b") ? Role.LEADS : Role.FOLLOWS;
              return new Report(
                  DescribedNode.of(
                      id,
                      1 + VOTERS.indexOf(id),
                      serves,
                      List.of(
                          replica("system", serves ? Role.LEADS : Role.FOLLOWS),
                          replica("shard-0000", ofShard)),
                      NodeCondition.UNKNOWN),
                  "",
                  Optional.empty());
            })
            .toList();
    return new ClusterDescription("node-a", Instant.EPOCH, reports);
  }

  private static ReplicaDescription replica(String group, Role role) {
    return new ReplicaDescription(group, new ReplicaStatus(role, "", 4, 9, 9, 9, VOTERS), 0);
  }

  @Test
  void theCommandWaitsUntilNothingIsLeft() {
    int code =
        new Kindstead(Map.of(), _ -> ExitCode.OK)
            .writingTo(new PrintWriter(output, true))
            .run("node", "drain", "1", "--endpoint=127.0.0.1:" + server.getAddress().getPort());
    assertThat(code).isZero();
    assertThat(looks.get()).as("looks").isEqualTo(3);
    assertThat(output.toString()).startsWith("Node 1 (node-a) is drained: it leads nothing");
  }

  @Test
  void whoAddsTwoHearsOfBoth() {
    server.createContext("/cluster/add", exchange -> answer(exchange, "Done, or begun.\n"));
    assertThat(
            new Kindstead(Map.of(), _ -> ExitCode.OK)
                .writingTo(new PrintWriter(output, true))
                .run(
                    "node",
                    "add",
                    "1",
                    "3",
                    "--endpoint=127.0.0.1:" + server.getAddress().getPort()))
        .isZero();
    assertThat(output.toString())
        .startsWith("Nodes 1 (node-a) and 3 (node-c) get replicas and votes: ");
  }

  @Test
  void whatTakesTooLongIsToldWithWhatIsLeft() {
    var pauses = new AtomicInteger();
    assertThat(DrainWait.left(() -> cluster(true), "node-a", pauses::incrementAndGet).orElseThrow())
        .isEqualTo(
            "it is drained and gives away what it leads, but it still leads shard-0000, which no"
                + " other node has taken over yet. That goes on: `kindstead shard list` shows who"
                + " leads, `kindstead cluster status` what is wrong");
    assertThat(pauses.get()).isPositive();
    assertThat(DrainWait.left(() -> cluster(false), "node-a", pauses::incrementAndGet)).isEmpty();
  }
}

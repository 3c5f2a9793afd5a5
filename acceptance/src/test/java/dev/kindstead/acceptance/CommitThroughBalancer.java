package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.KindExpression;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.Value;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node is lost after it got a commit: the balancer neither makes it twice nor has the client do
 * so, which would believe UNAVAILABLE or a refused stream that nothing was done.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class CommitThroughBalancer {
  private static final Duration MADE_MAX = Duration.ofSeconds(10);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private KindsteadProcess server;
  private CuttingRelay relay;
  private Balancer balancer;

  private static final Value LARGE =
      Value.newBuilder()
          .setStringValue("x".repeat(CuttingRelay.LARGE_BYTES))
          .setExcludeFromIndexes(true)
          .build();

  private static final Mutation OTHER =
      Raw.upsert(Raw.entity(Raw.key("Other", "small"), "text", Raw.value("x")));

  private String project = "";

  @BeforeEach
  void begin() {
    project = Projects.fresh();
  }

  /** Skips the tests, with the reason, where it is not installed. */
  abstract Balancer before(List<? extends Endpoint> nodes, Path directory) throws Exception;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server = KindsteadProcess.dev();
    relay = new CuttingRelay(server);
    balancer = before(List.of(relay, relay, relay), directory);
  }

  @AfterAll
  void stop() throws Exception {
    if (balancer != null) {
      balancer.close();
    }
    relay.close();
    server.close();
  }

  /** Each time it is made it gets another id. */
  private static Mutation insert() {
    return Raw.insert(Raw.entity(Raw.incomplete("Task"), "text", LARGE));
  }

  private int made() {
    try (var direct = new RawGrpc(server, project)) {
      return direct
          .query(Query.newBuilder().addKind(KindExpression.newBuilder().setName("Task")).build())
          .getBatch()
          .getEntityResultsCount();
    }
  }

  /** The node makes it, and its answer is lost. */
  private <T> CompletableFuture<T> lost(Supplier<T> commit) throws Exception {
    relay.hold();
    CompletableFuture<T> answer = CompletableFuture.supplyAsync(commit);
    long deadlineNanos = System.nanoTime() + MADE_MAX.toNanos();
    while (made() == 0 && System.nanoTime() < deadlineNanos) {
      Thread.sleep(20);
    }
    assertThat(made()).isEqualTo(1);
    relay.cut();
    return answer;
  }

  @Test
  void overGrpc() throws Exception {
    try (var client = new RawGrpc(balancer.overGrpc(), project)) {
      client.commit(OTHER);
      var answer = lost(() -> client.commit(insert()));
      assertThat(answer)
          .failsWithin(ANSWER_MAX)
          .withThrowableOfType(ExecutionException.class)
          .havingCause()
          .asInstanceOf(InstanceOfAssertFactories.type(StatusRuntimeException.class))
          .satisfies(failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(failure.getStatus().getDescription()).contains("commit outcome unknown");
          });
      assertThat(made()).isEqualTo(1);
      client.commit(insert());
      assertThat(made()).isEqualTo(2);
    }
  }

  @Test
  void overHttp() throws Exception {
    try (var client = new RawHttp(balancer.overHttp())) {
      // The second request of a connection is another case.
      assertThat(client.call(project, "commit", commit(OTHER)).statusCode()).isEqualTo(200);
      var answer = lost(() -> client.call(project, "commit", commit(insert())));
      assertThat(answer).succeedsWithin(ANSWER_MAX).returns(502, HttpResponse::statusCode);
      assertThat(made()).isEqualTo(1);
    }
  }

  /**
   * Clients behind it could otherwise take nodes out of the cluster, by any spelling of the path.
   */
  @ParameterizedTest
  @ValueSource(strings = {"/cluster", "/cluster/remove", "//cluster/drain", "/%63luster/remove"})
  void nodesAreNoBusinessOfItsClients(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + balancer.overHttp().hostAndPort() + path);
      var request = HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString("node-a"));
      assertThat(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(404);
    }
  }

  private static CommitRequest commit(Mutation mutation) {
    return CommitRequest.newBuilder()
        .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
        .addMutations(mutation)
        .build();
  }
}

package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.datastore.admin.v1.ListIndexesResponse;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import dev.kindstead.administration.AdminMethod;
import dev.kindstead.administration.Administration;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.protocol.MemoryNetwork.Fate;
import dev.kindstead.replication.LocalLog;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.OtherNodes;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.TransactionSettings;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The admin API is served by the node that serves, too. */
final class AdminElsewhereTest {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final SystemTimers timers = new SystemTimers();
  private final Transactions transactions =
      new Transactions(
          new ShardMap(1),
          List.of(group()),
          group(),
          new SystemClock(),
          timers,
          thread,
          new Random(1),
          OtherNodes.NONE,
          TransactionSettings.defaults(Bytes.of(new byte[] {1, 2, 3})));
  private final IndexJobs jobs =
      new IndexJobs(transactions, new SystemClock(), timers, thread, IndexJobs.LINGER);
  private final JoinedDoors doors = new JoinedDoors(this::administration);

  private ShardWiring group() {
    return new ShardWiring(new LocalLog(thread), new VersionedStore(new MemoryStore()), thread);
  }

  private Administration administration() {
    return new Administration(new IndexAdministration(transactions.indexes(), jobs), transactions);
  }

  AdminElsewhereTest() {
    transactions.start().join();
  }

  @AfterEach
  void close() {
    doors.close();
    jobs.close();
    transactions.close();
    timers.close();
    thread.close();
  }

  private AggregatedHttpResponse grpc(AdminMethod method, Message request) {
    return doors
        .at("b")
        .grpcFrame("/" + method.path(), OpenDoor.frame((byte) 0, request.toByteArray()));
  }

  private AggregatedHttpResponse create() {
    var index = Index.newBuilder().setKind("Task").setAncestor(Index.AncestorMode.NONE);
    for (String name : new String[] {"a", "b"}) {
      index.addProperties(
          Index.IndexedProperty.newBuilder().setName(name).setDirection(Index.Direction.ASCENDING));
    }
    return grpc(
        AdminMethod.CREATE_INDEX,
        CreateIndexRequest.newBuilder().setProjectId("p1").setIndex(index).build());
  }

  private int indexes() throws Exception {
    var response =
        grpc(AdminMethod.LIST_INDEXES, ListIndexesRequest.newBuilder().setProjectId("p1").build());
    return OpenDoor.message(response, ListIndexesResponse.getDefaultInstance()).getIndexesCount();
  }

  @Test
  void overGrpc() throws Exception {
    assertThat(OpenDoor.status(create())).isEqualTo("0");
    assertThat(indexes()).isEqualTo(1);
    AggregatedHttpResponse again = create();
    assertThat(OpenDoor.status(again)).isEqualTo("6");
    assertThat(again.headers().get("grpc-message")).isEqualTo("index already exists");
    assertThat(doors.network.sent).hasSize(3);
  }

  @Test
  void overHttpWithJson() {
    byte[] index =
        """
        {"kind": "Task", "ancestor": "NONE", "properties":
        [{"name": "a", "direction": "ASCENDING"}, {"name": "b", "direction": "DESCENDING"}]}
        """
            .getBytes(UTF_8);
    var created = doors.at("b").post("/v1/projects/p1/indexes", "application/json", index);
    assertThat(new String(created.body(), UTF_8))
        .contains("google.datastore.admin.v1.IndexOperationMetadata");
    assertThat(text("/v1/projects/p1/indexes")).contains("\"kind\": \"Task\"");
    assertThat(text("/v1/projects/p1/databases/d")).contains("DATASTORE_MODE");
    assertThat(text("/v1/projects/p1/indexes/none")).contains("error");
    assertThat(doors.network.sent).hasSize(4);
  }

  private String text(String path) {
    return new String(doors.at("b").get(path).body(), UTF_8);
  }

  @Test
  void whatMayHaveBeenCreatedIsNotCreatedAgain() throws Exception {
    doors.network.next(Fate.ANSWER_LOST);
    AggregatedHttpResponse created = create();
    assertThat(OpenDoor.status(created)).isEqualTo("13");
    assertThat(created.headers().get("grpc-message")).startsWith("outcome unknown");
    doors.network.next(Fate.ANSWER_LOST);
    assertThat(indexes()).isEqualTo(1);
  }

  @Test
  void tooManyAtATimeAreRefused() {
    var stuck = new CountDownLatch(1);
    thread.execute(() -> await(stuck));
    List<CompletableFuture<String>> calls = new ArrayList<>();
    try {
      for (int i = 0; i <= AdminEndpoint.CALLS_MAX; i++) {
        calls.add(created());
      }
      var first = CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new));
      assertThat(first.orTimeout(60, TimeUnit.SECONDS).join())
          .isEqualTo(String.valueOf(Code.RESOURCE_EXHAUSTED.number()));
    } finally {
      stuck.countDown();
    }
    assertThat(calls.stream().map(CompletableFuture::join)).containsOnlyOnce("0", "8");
    assertThat(created().join()).isEqualTo(String.valueOf(Code.ALREADY_EXISTS.number()));
  }

  private CompletableFuture<String> created() {
    return CompletableFuture.supplyAsync(
        () -> OpenDoor.status(create()), task -> Thread.ofVirtual().start(task));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRequestBeyondTheSizeLimit() {
    var request =
        ListIndexesRequest.newBuilder().setProjectId("p").setFilter("x".repeat(2 << 20)).build();
    assertThat(grpc(AdminMethod.LIST_INDEXES, request).headers().get("grpc-message"))
        .contains("exceeds the limit: 1048576 bytes");
    byte[] json = ("{\"kind\":\"" + "x".repeat(2 << 20) + "\"}").getBytes(UTF_8);
    var refused = doors.at("b").post("/v1/projects/p1/indexes", "application/json", json);
    assertThat(new String(refused.body(), UTF_8)).contains("exceeds the limit: 1048576 bytes");
    var ofCluster = doors.at("b").post("/cluster/drain", "text/plain", new byte[8 << 10]);
    assertThat(new String(ofCluster.body(), UTF_8)).contains("exceeds the limit: 4096 bytes");
  }
}

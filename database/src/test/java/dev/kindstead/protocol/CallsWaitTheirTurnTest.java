package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** More calls than go on at a time wait, and only those of their own kind. */
final class CallsWaitTheirTurnTest {
  private static final int AGGREGATIONS_AT_A_TIME = 64;

  private static byte[] count() {
    var count = AggregationQuery.Aggregation.newBuilder().setAlias("n");
    count.setCount(AggregationQuery.Aggregation.Count.getDefaultInstance());
    var query = AggregationQuery.newBuilder().addAggregations(count);
    query.getNestedQueryBuilder().addKindBuilder().setName("A");
    return RunAggregationQueryRequest.newBuilder()
        .setProjectId("p1")
        .setAggregationQuery(query)
        .build()
        .toByteArray();
  }

  private static CompletableFuture<AggregatedHttpResponse> asked(OpenDoor door, String... headers) {
    return CompletableFuture.supplyAsync(
        () -> door.grpc(Rpc.RUN_AGGREGATION_QUERY, count(), headers),
        task -> Thread.ofVirtual().start(task));
  }

  private static double inside(OpenDoor door) {
    return door.gates.gate(Rpc.RUN_AGGREGATION_QUERY.cost()).inside();
  }

  @Test
  void aggregationsWaitForAggregationsAndLookupsDoNot() throws Exception {
    try (var door = new OpenDoor()) {
      var stuck = new CompletableFuture<Object>();
      door.operations.outcome = stuck;
      List<CompletableFuture<AggregatedHttpResponse>> first = new ArrayList<>();
      for (int i = 0; i < AGGREGATIONS_AT_A_TIME; i++) {
        first.add(asked(door));
      }
      while (door.operations.endedSo.get() < AGGREGATIONS_AT_A_TIME) {
        Thread.sleep(5); // who is only inside may yet see that they are not stuck
      }
      door.operations.outcome = null;

      byte[] lookup = Requests.lookup(Requests.key("A", "b")).toByteArray();
      assertThat(OpenDoor.status(door.grpc(Rpc.LOOKUP, lookup))).isEqualTo("0");
      assertThat(OpenDoor.status(asked(door, "grpc-timeout", "200m").join()))
          .isEqualTo(String.valueOf(Code.RESOURCE_EXHAUSTED.number()));
      var later = asked(door);
      Thread.sleep(100);
      assertThat(later.isDone()).isFalse();

      stuck.completeExceptionally(DatastoreException.aborted("let go"));
      assertThat(OpenDoor.status(later.join())).isEqualTo("0");
      for (var each : first) {
        assertThat(OpenDoor.status(each.join())).isEqualTo("10");
      }
      while (inside(door) > 0) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void whereACallComesFromIsReadWithoutTheRest() {
    var lookup = LookupRequest.newBuilder().setProjectId("p").setDatabaseId("d");
    lookup.addKeys(Requests.key("A", "b"));
    assertThat(origin(Rpc.LOOKUP, lookup.build().toByteArray()))
        .isEqualTo(new CallOrigin("p", "d", false, lookup.build().getSerializedSize()));
    lookup.setReadOptions(ReadOptions.newBuilder().setTransaction(ByteString.copyFromUtf8("t")));
    assertThat(origin(Rpc.LOOKUP, lookup.build().toByteArray()).isOfTransaction()).isTrue();

    var commit = CommitRequest.newBuilder().setProjectId("p");
    assertThat(origin(Rpc.COMMIT, commit.build().toByteArray()).isOfTransaction()).isFalse();
    commit.setTransaction(ByteString.copyFromUtf8("t"));
    assertThat(origin(Rpc.COMMIT, commit.build().toByteArray()).isOfTransaction()).isTrue();
    byte[] rollback = RollbackRequest.getDefaultInstance().toByteArray();
    assertThat(origin(Rpc.ROLLBACK, rollback)).isEqualTo(new CallOrigin("", "", true, 0));

    assertThat(origin(Rpc.COMMIT, new byte[] {(byte) 0xff, 1, 2}))
        .isEqualTo(new CallOrigin("", "", false, 3));
  }

  @Test
  void oneDatabaseIsOneHoweverItsProjectIsNamed() {
    var lookup = LookupRequest.newBuilder().setDatabaseId("d");
    CallOrigin inUrlOnly = origin(Rpc.LOOKUP, lookup.build().toByteArray());
    CallOrigin inMessage = origin(Rpc.LOOKUP, lookup.setProjectId("p").build().toByteArray());
    assertThat(inMessage.sharer(null)).isEqualTo("p/d");
    assertThat(inMessage.sharer("p")).isEqualTo("p/d");
    assertThat(inUrlOnly.sharer("p")).isEqualTo("p/d");
  }

  private static CallOrigin origin(Rpc rpc, byte[] message) {
    return CallOrigin.read(rpc, message, 0);
  }
}

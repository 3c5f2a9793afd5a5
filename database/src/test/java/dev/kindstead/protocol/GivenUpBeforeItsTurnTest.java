package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.admission.CostClass;
import dev.kindstead.admission.Gate;
import dev.kindstead.admission.Gates;
import dev.kindstead.environment.HandTime;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nobody waits for any more is not begun, and takes no place from others. */
@Timeout(60)
final class GivenUpBeforeItsTurnTest {
  private static final int AT_A_TIME = 64;

  private static byte[] count(String kind) {
    var count = AggregationQuery.Aggregation.newBuilder().setAlias("n");
    count.setCount(AggregationQuery.Aggregation.Count.getDefaultInstance());
    var query = AggregationQuery.newBuilder().addAggregations(count);
    query.getNestedQueryBuilder().addKindBuilder().setName(kind);
    return RunAggregationQueryRequest.newBuilder()
        .setProjectId("p1")
        .setAggregationQuery(query)
        .build()
        .toByteArray();
  }

  private static HttpResponse asked(WebClient client, String kind) {
    return client.execute(
        RequestHeaders.builder(
                HttpMethod.POST, "/" + Rpc.SERVICE + "/" + Rpc.RUN_AGGREGATION_QUERY.method())
            .add("content-type", "application/grpc")
            .add("te", "trailers")
            .build(),
        HttpData.wrap(OpenDoor.frame((byte) 0, count(kind))));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(1);
    }
  }

  private static int inFlight(OpenDoor door) {
    String page = new String(door.get("/metrics").body(), StandardCharsets.UTF_8);
    return page.lines()
        .filter(line -> line.startsWith("kindstead_rpc_in_flight "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  @Test
  void whoGoesAwayGivesItsPlaceBackAtOnce() throws Exception {
    try (var door = new OpenDoor();
        var clients = ClientFactory.builder().workerGroup(1).build()) {
      WebClient client =
          WebClient.builder("h2c://127.0.0.1:" + door.door.port()).factory(clients).build();
      Gate gate = door.gates.gate(Rpc.RUN_AGGREGATION_QUERY.cost());
      var stuck = new CompletableFuture<Object>();
      door.operations.outcome = stuck;
      List<CompletableFuture<?>> first = new ArrayList<>();
      for (int i = 0; i < AT_A_TIME; i++) {
        first.add(asked(client, "A").aggregate());
      }
      await(() -> gate.inside() == AT_A_TIME);
      HttpResponse waiting = asked(client, "GivenUp");
      await(() -> gate.waiting() == 1);
      assertThat(inFlight(door)).isEqualTo(AT_A_TIME + 1);

      waiting.abort();

      await(() -> gate.waiting() == 0);
      await(() -> inFlight(door) == AT_A_TIME);
      stuck.completeExceptionally(DatastoreException.aborted("let go"));
      first.forEach(CompletableFuture::join);
      await(() -> gate.inside() == 0);
      assertThat(String.valueOf(door.operations.lastQuery)).doesNotContain("GivenUp");
    }
  }

  /** A line before one gate, of which the rest is decided by the test. */
  private static final class Line {
    final Gate gate = new Gates(new HandTime(), (_, _) -> () -> {}).gate(CostClass.AGGREGATION);
    final Queue<Runnable> loop = new ArrayDeque<>();
    final AtomicInteger begun = new AtomicInteger();
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    boolean isGone;

    void comes(long deadlineNanos) {
      while (gate.tryEnter()) {}
      gate.await(
          new WaitingCall(
              new CallOrigin("p", "", false, 10),
              "p/",
              deadlineNanos,
              () -> isGone,
              gate,
              loop::add,
              () -> {
                begun.incrementAndGet();
                gate.leave();
                return new CompletableFuture<>();
              },
              answer));
      gate.leave();
    }

    void takeTurn(Code refusal) {
      loop.remove().run();
      assertThat(begun).hasValue(0);
      assertThat(Failure.of(answer.exceptionNow()).code()).isEqualTo(refusal);
      assertThat(gate.inside()).isEqualTo(AT_A_TIME - 1);
    }
  }

  @Test
  void itsTurnComesTooLate() {
    var line = new Line();
    line.comes(System.nanoTime() - 1);
    line.takeTurn(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void itsClientGoesAwayWhileItsTurnComes() {
    var line = new Line();
    line.comes(System.nanoTime() + Duration.ofMinutes(1).toNanos());
    line.isGone = true;
    line.takeTurn(Code.CANCELLED);
  }

  @Test
  void whoIsThereInTimeIsServed() {
    var line = new Line();
    line.comes(System.nanoTime() + Duration.ofMinutes(1).toNanos());
    line.loop.remove().run();
    assertThat(line.begun).hasValue(1);
  }
}

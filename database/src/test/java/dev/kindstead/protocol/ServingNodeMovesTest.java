package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.LookupResponse;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls follow the node that serves; when none does, they say so in time. */
final class ServingNodeMovesTest {
  private static final byte[] LOOKUP = Requests.lookup(Requests.key("Task", "one")).toByteArray();
  private static final byte[] WRITE = Requests.writeValue(Requests.integer(1)).toByteArray();
  private static final String UNAVAILABLE = String.valueOf(Code.UNAVAILABLE.number());
  private static final String DEADLINE = String.valueOf(Code.DEADLINE_EXCEEDED.number());
  private final JoinedDoors doors = new JoinedDoors();

  @AfterEach
  void close() {
    doors.close();
  }

  private CompletableFuture<AggregatedHttpResponse> started(String node, Rpc rpc, byte[] request) {
    return CompletableFuture.supplyAsync(() -> doors.at(node).grpc(rpc, request));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  @Test
  void theNodeThatIsAskedNoLongerServes() {
    doors.serve("c");
    doors.beliefs.put("b", "a");
    CompletableFuture<AggregatedHttpResponse> write = started("b", Rpc.COMMIT, WRITE);
    while (doors.network.sent.size() < 2) {
      Thread.onSpinWait();
    }
    doors.beliefs.clear();
    assertThat(OpenDoor.status(write.join())).isEqualTo("0");
    assertThat(doors.operations.commits).hasValue(1);
    assertThat(doors.network.sent)
        .startsWith(new MemoryNetwork.Sent("b", "a"))
        .endsWith(new MemoryNetwork.Sent("b", "c"));
  }

  @Test
  void aCallWaitsForANodeToServe() throws Exception {
    doors.serve(null);
    CompletableFuture<AggregatedHttpResponse> read = started("b", Rpc.LOOKUP, LOOKUP);
    Thread.sleep(100);
    doors.serve("c");
    AggregatedHttpResponse found = read.join();
    assertThat(OpenDoor.message(found, LookupResponse.getDefaultInstance()).getMissingCount())
        .isEqualTo(1);
  }

  @Test
  void aCallWaitsForItsOwnNodeToServe() throws Exception {
    doors.serve(null);
    CompletableFuture<AggregatedHttpResponse> write = started("b", Rpc.COMMIT, WRITE);
    Thread.sleep(100);
    doors.serve("b");
    CommitResponse written = OpenDoor.message(write.join(), CommitResponse.getDefaultInstance());
    assertThat(written.getMutationResultsCount()).isEqualTo(1);
    assertThat(doors.network.sent).isEmpty();
  }

  @Test
  void theNodeStopsServingInTheMiddleOfItsOwnClientsCall() throws Exception {
    doors.operations.notServed.set(1_000);
    CompletableFuture<AggregatedHttpResponse> write = started("a", Rpc.COMMIT, WRITE);
    await(() -> doors.operations.lastCommit != null);
    doors.serve("b");
    doors.operations.notServed.set(0);
    assertThat(OpenDoor.status(write.join())).isEqualTo("0");
    assertThat(doors.operations.commits).hasValue(1);
  }

  @Test
  void theNodeStopsServingInTheMiddleOfAForwardedCall() {
    doors.operations.notServed.set(2);
    assertThat(OpenDoor.status(doors.at("b").grpc(Rpc.COMMIT, WRITE))).isEqualTo("0");
    assertThat(doors.operations.commits).hasValue(1);
    assertThat(doors.network.sent).hasSize(3);
  }

  @Test
  void aNodeThatCannotBeReachedIsAskedAgain() {
    doors.network.next(MemoryNetwork.Fate.NOT_DELIVERED, MemoryNetwork.Fate.NOT_DELIVERED);
    assertThat(OpenDoor.status(doors.at("b").grpc(Rpc.COMMIT, WRITE))).isEqualTo("0");
    assertThat(doors.operations.commits).hasValue(1);
  }

  @Test
  void nobodyServes() {
    doors.serve(null);
    long begun = System.nanoTime();
    var response = doors.at("b").grpc(Rpc.COMMIT, WRITE, "grpc-timeout", "60S");
    assertThat(OpenDoor.status(response)).isEqualTo(UNAVAILABLE);
    assertThat(response.headers().get("grpc-message"))
        .startsWith("no node of the cluster serves this now");
    assertThat(millisSince(begun)).isBetween(JoinedDoors.UNSERVED_MAX.toMillis(), 5_000L);
  }

  @Test
  void nobodyServesUntilTheClientsDeadline() {
    doors.serve(null);
    var response = doors.at("b").grpc(Rpc.COMMIT, WRITE, "grpc-timeout", "100m");
    assertThat(OpenDoor.status(response)).isEqualTo(DEADLINE);
    assertThat(doors.operations.commits).hasValue(0);
  }

  @Test
  void theDeadlinePassesWhileAnotherNodeIsAtWork() {
    var outcome = new CompletableFuture<Object>();
    doors.operations.outcome = outcome;
    var read = doors.at("b").grpc(Rpc.LOOKUP, LOOKUP, "grpc-timeout", "500m");
    assertThat(OpenDoor.status(read)).isEqualTo(DEADLINE);
    var write = doors.at("b").grpc(Rpc.COMMIT, WRITE, "grpc-timeout", "500m");
    assertThat(OpenDoor.status(write)).isEqualTo("13");
    assertThat(write.headers().get("grpc-message")).startsWith("commit outcome unknown");
    outcome.completeExceptionally(DatastoreException.aborted("too late"));
  }

  @Test
  void aNodeThatStopsAnswersWhatItHasBegunAndDeclinesTheRest() throws Exception {
    var outcome = new CompletableFuture<Object>();
    doors.operations.outcome = outcome;
    CompletableFuture<AggregatedHttpResponse> pending = started("b", Rpc.COMMIT, WRITE);
    await(() -> doors.operations.lastCommit != null);
    CompletableFuture<Void> stopped = doors.at("a").door.stop();
    Thread.sleep(300);
    assertThat(stopped.isDone()).isFalse();
    assertThat(OpenDoor.status(doors.at("b").grpc(Rpc.LOOKUP, LOOKUP))).isEqualTo(UNAVAILABLE);
    outcome.completeExceptionally(DatastoreException.aborted("late but answered"));
    assertThat(OpenDoor.status(pending.join())).isEqualTo("10");
    stopped.join();
  }
}

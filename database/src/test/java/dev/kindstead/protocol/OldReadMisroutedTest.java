package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.ReadOptions.ReadConsistency;
import com.google.protobuf.Timestamp;
import dev.kindstead.service.Lookup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Only reads that may be old are read where nobody serves. */
final class OldReadMisroutedTest {
  private static final ReadOptions EVENTUAL =
      ReadOptions.newBuilder().setReadConsistency(ReadConsistency.EVENTUAL).build();
  private static final ReadOptions PAST =
      ReadOptions.newBuilder().setReadTime(Timestamp.newBuilder().setSeconds(7)).build();

  private JoinedDoors doors;

  @BeforeEach
  void open() {
    doors = new JoinedDoors();
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private void lookUp(ReadOptions options) {
    LookupRequest request =
        Requests.lookup(Requests.key("Task", "one")).toBuilder().setReadOptions(options).build();
    assertThat(doors.at("c").protobuf(Rpc.LOOKUP, request).statusCode()).isEqualTo(200);
  }

  @Test
  void theNodeThatGetsItAnswersIt() {
    lookUp(EVENTUAL);
    lookUp(PAST);
    assertThat(doors.network.sent).isEmpty();
  }

  @Test
  void readsOfNowAndOfTransactionsAreTheServingNodes() {
    lookUp(ReadOptions.getDefaultInstance());
    lookUp(ReadOptions.newBuilder().setReadConsistency(ReadConsistency.STRONG).build());
    lookUp(
        ReadOptions.newBuilder()
            .setNewTransaction(com.google.datastore.v1.TransactionOptions.getDefaultInstance())
            .build());
    assertThat(doors.network.sent).hasSize(3).allMatch(sent -> sent.to().equals("a"));
  }

  @Test
  void whatThisNodeCannotReadAnotherWithReplicasDoes() {
    doors.replica = "b";
    doors.operations.notServed.set(1);
    lookUp(EVENTUAL);
    assertThat(doors.network.sent).containsExactly(new MemoryNetwork.Sent("c", "b"));
  }

  @Test
  void whatNobodyElseCanReadTheServingNodeDoes() {
    doors.replica = "b";
    doors.operations.notServed.set(2);
    lookUp(PAST);
    assertThat(doors.network.sent)
        .containsExactly(new MemoryNetwork.Sent("c", "b"), new MemoryNetwork.Sent("c", "a"));
  }

  private CompletableFuture<Void> startedAtReplica() {
    doors.replica = "b";
    doors.operations.notServed.set(1);
    return CompletableFuture.runAsync(() -> lookUp(EVENTUAL));
  }

  /** That another node serves is no news: the one with replicas never did. */
  @Test
  @Timeout(20)
  void aSlowReplicaIsWaitedFor() throws Exception {
    var answer = new CompletableFuture<Object>();
    doors.operations.outcome = answer;
    CompletableFuture<Void> read = startedAtReplica();
    while (doors.replicaWatched.get() == 0 && doors.network.sent.size() < 2) {
      Thread.sleep(2);
    }
    doors.operations.outcome = null;
    answer.complete(new Lookup.Response(List.of(), List.of(), List.of(), null, 1));
    read.join();
    assertThat(doors.network.sent).containsExactly(new MemoryNetwork.Sent("c", "b"));
    assertThat(doors.replicaReads).hasValue(0);
  }

  @Test
  @Timeout(20)
  void aReplicaThatIsGoneIsGivenUpAndNoLongerBusy() {
    doors.network.next(MemoryNetwork.Fate.NO_ANSWER);
    doors.replicaIsThere = false;
    startedAtReplica().join();
    assertThat(doors.network.sent)
        .containsExactly(new MemoryNetwork.Sent("c", "b"), new MemoryNetwork.Sent("c", "a"));
    assertThat(doors.replicaReads).hasValue(0);
  }

  @Test
  void aReplicaWhoseAnswerIsLostEndsOnce() {
    doors.network.next(MemoryNetwork.Fate.ANSWER_LOST);
    startedAtReplica().join();
    assertThat(doors.replicaReads).hasValue(0);
  }
}

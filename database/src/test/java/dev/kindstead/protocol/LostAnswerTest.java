package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.protocol.MemoryNetwork.Fate;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody knows whether the node did it: never twice, and never a wrong "not done". */
final class LostAnswerTest {
  private static final Mutation MUTATION =
      Requests.upsert(Requests.entity(Requests.incomplete("Task"), "a", Requests.integer(1)));
  private static final CommitRequest PLAIN = Requests.write(MUTATION);
  private static final CommitRequest KEYED = Requests.transactional(MUTATION);
  private static final CommitRequest SINGLE_USE =
      PLAIN.toBuilder()
          .setMode(CommitRequest.Mode.TRANSACTIONAL)
          .setSingleUseTransaction(TransactionOptions.getDefaultInstance())
          .build();
  private final JoinedDoors doors = new JoinedDoors();

  @AfterEach
  void close() {
    doors.close();
  }

  private AggregatedHttpResponse commit(CommitRequest request) {
    return doors.at("b").grpc(Rpc.COMMIT, request.toByteArray());
  }

  private static void checkUnknown(AggregatedHttpResponse response) {
    assertThat(OpenDoor.status(response)).isEqualTo("13");
    assertThat(response.headers().get("grpc-message")).startsWith("commit outcome unknown");
  }

  @Test
  void ofATransactionsCommitIsGotByRepeatingIt() throws Exception {
    doors.network.next(Fate.ANSWER_LOST, Fate.ANSWER_LOST);
    CommitResponse response = OpenDoor.message(commit(KEYED), CommitResponse.getDefaultInstance());
    assertThat(doors.operations.commits).hasValue(1);
    assertThat(response)
        .isEqualTo(OpenDoor.message(commit(KEYED), CommitResponse.getDefaultInstance()));
  }

  @Test
  void ofATransactionsCommitThatDidNotArrive() {
    doors.network.next(Fate.REQUEST_LOST);
    assertThat(OpenDoor.status(commit(KEYED))).isEqualTo("0");
    assertThat(doors.operations.commits).hasValue(1);
  }

  @Test
  void ofAnotherCommitIsUnknown() {
    for (CommitRequest request : new CommitRequest[] {PLAIN, SINGLE_USE}) {
      doors.operations.commits.set(0);
      doors.network.next(Fate.ANSWER_LOST);
      checkUnknown(commit(request));
      assertThat(doors.operations.commits).hasValue(1);
    }
  }

  @Test
  void ofACommitInJson() {
    doors.network.next(Fate.ANSWER_LOST);
    assertThat(
            doors
                .at("b")
                .json(
                    Rpc.COMMIT,
                    """
                    {"mode": "NON_TRANSACTIONAL", "mutations": [{"upsert":
                    {"key": {"path": [{"kind": "Task", "name": "x"}]}}}]}
                    """))
        .contains("commit outcome unknown");
    assertThat(doors.operations.commits).hasValue(1);
  }

  @Test
  void theRepetitionIsRefused() {
    doors.network.next(Fate.ANSWER_LOST);
    doors.operations.outcome =
        CompletableFuture.failedFuture(new DatastoreException(Code.UNAVAILABLE, "busy"));
    checkUnknown(commit(KEYED));
    assertThat(doors.operations.commits).hasValue(1);
  }

  @Test
  void theRepetitionFindsThatItWasNotMade() {
    doors.network.next(Fate.REQUEST_LOST);
    doors.operations.outcome =
        CompletableFuture.failedFuture(DatastoreException.aborted("not made"));
    assertThat(OpenDoor.status(commit(KEYED))).isEqualTo("10");
  }

  @Test
  void nobodyServesWhoCouldTell() {
    doors.network.next(Fate.ANSWER_LOST);
    doors.network.next(Collections.nCopies(100, Fate.NOT_DELIVERED).toArray(Fate[]::new));
    checkUnknown(commit(KEYED));
  }

  @Test
  void theDeadlineComesFirst() {
    doors.network.next(Fate.ANSWER_LOST);
    doors.network.next(Collections.nCopies(100, Fate.NOT_DELIVERED).toArray(Fate[]::new));
    checkUnknown(doors.at("b").grpc(Rpc.COMMIT, KEYED.toByteArray(), "grpc-timeout", "500m"));
  }

  @Test
  void ofAnythingElseIsGotByRepeatingIt() {
    Map<Rpc, Message> requests =
        Map.of(
            Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "one")),
            Rpc.RUN_QUERY, Requests.run(Requests.query("Task")),
            Rpc.BEGIN_TRANSACTION, BeginTransactionRequest.newBuilder().setProjectId("p1").build(),
            Rpc.ROLLBACK,
                com.google.datastore.v1.RollbackRequest.newBuilder()
                    .setProjectId("p1")
                    .setTransaction(ByteString.copyFromUtf8("t"))
                    .build(),
            Rpc.ALLOCATE_IDS,
                AllocateIdsRequest.newBuilder()
                    .setProjectId("p1")
                    .addKeys(Requests.incomplete("Task"))
                    .build());
    requests.forEach((rpc, request) -> {
      doors.network.sent.clear();
      doors.network.next(Fate.ANSWER_LOST);
      assertThat(OpenDoor.status(doors.at("b").grpc(rpc, request.toByteArray())))
          .as(rpc.method())
          .isEqualTo("0");
      assertThat(doors.network.sent).hasSize(2);
    });
  }

  @Test
  void aDeadNodeThatDoesNotSaySoIsGivenUpWhenAnotherServes() throws Exception {
    doors.network.next(Fate.NO_ANSWER);
    var commit = CompletableFuture.supplyAsync(() -> commit(KEYED));
    Thread.sleep(50);
    assertThat(commit.isDone()).isFalse();
    doors.serve("c");
    assertThat(OpenDoor.status(commit.join())).isEqualTo("0");
    assertThat(doors.operations.commits).hasValue(1);
    assertThat(doors.network.sent).endsWith(new MemoryNetwork.Sent("b", "c"));
  }

  @Test
  void aSlowNodeThatServesIsNotGivenUp() throws Exception {
    doors.network.next(Fate.NO_ANSWER);
    var response = doors.at("b").grpc(Rpc.COMMIT, PLAIN.toByteArray(), "grpc-timeout", "900m");
    checkUnknown(response);
    assertThat(doors.network.sent).hasSize(1);
  }
}

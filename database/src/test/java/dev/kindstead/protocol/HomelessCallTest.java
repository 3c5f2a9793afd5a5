package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node with replicas serves by itself what belongs to no transaction, and nothing else. */
final class HomelessCallTest {
  private static final ByteString ID = ByteString.copyFrom(new byte[] {4, 2});

  private JoinedDoors doors;

  @BeforeEach
  void open() {
    doors = new JoinedDoors();
    doors.haveReplicas = true;
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private void call(Rpc rpc, Message request) {
    assertThat(doors.at("c").protobuf(rpc, request).statusCode()).isEqualTo(200);
  }

  private static LookupRequest lookup(ReadOptions.Builder options) {
    return Requests.lookup(Requests.key("Task", "one")).toBuilder().setReadOptions(options).build();
  }

  private static CommitRequest commit() {
    return Requests.writeValue(Requests.integer(1));
  }

  @Test
  void readsAndCommitsOutsideTransactionsStayHere() {
    call(Rpc.LOOKUP, lookup(ReadOptions.newBuilder()));
    call(Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "one")));
    call(Rpc.COMMIT, commit());
    assertThat(doors.network.sent).isEmpty();
  }

  @Test
  void whatBelongsToATransactionGoesToItsHome() {
    call(Rpc.LOOKUP, lookup(ReadOptions.newBuilder().setTransaction(ID)));
    call(
        Rpc.LOOKUP,
        lookup(
            ReadOptions.newBuilder().setNewTransaction(TransactionOptions.getDefaultInstance())));
    call(
        Rpc.COMMIT,
        commit().toBuilder().setMode(CommitRequest.Mode.TRANSACTIONAL).setTransaction(ID).build());
    call(Rpc.BEGIN_TRANSACTION, BeginTransactionRequest.getDefaultInstance());
    assertThat(doors.network.sent).hasSize(4).allMatch(sent -> sent.to().equals("a"));
  }

  @Test
  void whatCannotBeDoneHereTheServingNodeDoes() {
    doors.operations.notServed.set(1);
    call(Rpc.COMMIT, commit());
    assertThat(doors.network.sent).hasSize(1);
    doors.operations.notServed.set(1);
    call(Rpc.LOOKUP, Requests.lookup(Requests.key("Task", "one")));
    assertThat(doors.network.sent).hasSize(2);
    assertThat(doors.operations.commits).hasValue(1);
  }
}

package dev.kindstead.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import com.google.protobuf.Timestamp;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import org.junit.jupiter.api.Test;

/** A key that is stored without its database is another key: Node sends all keys that way. */
final class InheritedPartitionTest {
  private final FakeOperations operations = new FakeOperations();
  private final Handlers handlers = new Handlers(operations, Limits.DEFAULT);

  @Test
  void everyKeyGetsTheRequestsDatabase() {
    var child = Requests.key("Child", "c");
    Value reference = Value.newBuilder().setKeyValue(child).build();
    Entity nested = Entity.newBuilder().setKey(child).putProperties("r", reference).build();
    var request =
        Requests.writeValue(
                Requests.array(reference, Value.newBuilder().setEntityValue(nested).build()))
            .toBuilder()
            .setDatabaseId("db2")
            .build();
    handlers.handle(Rpc.COMMIT, request, "p1", Long.MAX_VALUE);
    String written = String.valueOf(operations.lastCommit);
    assertThat(written.split("PartitionId\\[", -1)).hasSize(1 + 5);
    assertThat(written.split("project=p1, database=db2, namespace=\\]", -1)).hasSize(1 + 5);
  }

  @Test
  void aReferenceIntoAnotherProjectStaysOne() {
    var foreign =
        Requests.key("A", "b").toBuilder()
            .setPartitionId(PartitionId.newBuilder().setProjectId("p2").setNamespaceId("ns"))
            .build();
    var request = Requests.writeValue(Value.newBuilder().setKeyValue(foreign).build());
    handlers.handle(
        Rpc.COMMIT, request.toBuilder().setDatabaseId("db2").build(), null, Long.MAX_VALUE);
    assertThat(String.valueOf(operations.lastCommit))
        .contains("project=p2, database=, namespace=ns");
  }

  @Test
  void theProjectMayStandInTheUrlOnly() {
    var request = Requests.lookup(Requests.key("A", "b")).toBuilder().clearProjectId().build();
    handlers.handle(Rpc.LOOKUP, request, "example.com:p", Long.MAX_VALUE);
    var asked = requireNonNull(operations.lastLookup);
    Key key = asked.keys().getFirst();
    assertThat(key.partition().project()).isEqualTo("example.com:p");
  }

  @Test
  void timestampsLoseTheirNanoseconds() {
    Timestamp time = Timestamp.newBuilder().setSeconds(-1).setNanos(999_999_999).build();
    handlers.handle(
        Rpc.COMMIT,
        Requests.writeValue(Value.newBuilder().setTimestampValue(time).build()),
        null,
        Long.MAX_VALUE);
    var commit = requireNonNull(operations.lastCommit);
    Mutation mutation = commit.mutations().getFirst();
    assertThat(String.valueOf(mutation)).contains("TimestampValue[micros=-1]");
  }
}

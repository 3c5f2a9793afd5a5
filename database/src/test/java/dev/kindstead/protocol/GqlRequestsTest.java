package dev.kindstead.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.GqlQueryParameter;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunAggregationQueryResponse;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.Value;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Filter;
import org.junit.jupiter.api.Test;

/** A client goes on from the parsed query in the answer: without it, its paging ends or loops. */
final class GqlRequestsTest {
  private final FakeOperations operations = new FakeOperations();
  private final Handlers handlers = new Handlers(operations, Limits.DEFAULT);

  private static GqlQuery gql(String text) {
    return GqlQuery.newBuilder().setQueryString(text).setAllowLiterals(true).build();
  }

  @Test
  void theAnswerHoldsTheParsedQuery() throws InvalidProtocolBufferException {
    var request =
        RunQueryRequest.newBuilder()
            .setProjectId("p1")
            .setGqlQuery(gql("SELECT * FROM Task WHERE done = FALSE LIMIT 2"))
            .build();
    var response =
        RunQueryResponse.parseFrom(
            handlers.handle(Rpc.RUN_QUERY, request, null, Long.MAX_VALUE).join().bytesFrom(0));
    assertThat(response.getQuery().getKind(0).getName()).isEqualTo("Task");
    assertThat(response.getBatch().getEndCursor().size()).isPositive();
    assertThat(requireNonNull(operations.lastQuery).filter()).isInstanceOf(Filter.Comparison.class);
  }

  @Test
  void aggregationsToo() throws InvalidProtocolBufferException {
    var request =
        RunAggregationQueryRequest.newBuilder()
            .setProjectId("p1")
            .setGqlQuery(gql("SELECT COUNT(*) AS n FROM Task"))
            .build();
    var response =
        RunAggregationQueryResponse.parseFrom(
            handlers
                .handle(Rpc.RUN_AGGREGATION_QUERY, request, null, Long.MAX_VALUE)
                .join()
                .bytesFrom(0));
    assertThat(response.getQuery().getNestedQuery().getKind(0).getName()).isEqualTo("Task");
    assertThat(operations.lastAggregations).containsExactly(new Aggregation.Count("n", null));
  }

  @Test
  void aKeyThatNamesNoNamespaceIsInTheQuerys() throws InvalidProtocolBufferException {
    var request =
        RunQueryRequest.newBuilder()
            .setProjectId("p1")
            .setPartitionId(PartitionId.newBuilder().setNamespaceId("n"))
            .setGqlQuery(
                gql("SELECT * FROM Task WHERE __key__ HAS ANCESTOR KEY(List, 1) AND owner = @1")
                    .toBuilder()
                    .addPositionalBindings(
                        GqlQueryParameter.newBuilder()
                            .setValue(
                                Value.newBuilder()
                                    .setKeyValue(
                                        Key.newBuilder()
                                            .addPath(
                                                PathElement.newBuilder()
                                                    .setKind("Person")
                                                    .setId(1))))))
            .build();
    var response =
        RunQueryResponse.parseFrom(
            handlers.handle(Rpc.RUN_QUERY, request, null, Long.MAX_VALUE).join().bytesFrom(0));
    var filters = response.getQuery().getFilter().getCompositeFilter().getFiltersList();
    assertThat(filters)
        .extracting(each -> each.getPropertyFilter().getValue().getKeyValue().getPartitionId())
        .extracting(PartitionId::getNamespaceId)
        .as("that of the written key, and that of the bound one as it was sent")
        .containsExactly("n", "");
  }

  @Test
  void aKeyMayNameAnotherNamespace() throws InvalidProtocolBufferException {
    var request =
        RunAggregationQueryRequest.newBuilder()
            .setProjectId("p1")
            .setPartitionId(PartitionId.newBuilder().setProjectId("p1").setNamespaceId("n"))
            .setGqlQuery(
                gql(
                    "SELECT COUNT(*) FROM Task WHERE a = KEY(NAMESPACE('m'), Person, 1)"
                        + " AND b = KEY(NAMESPACE(''), Person, 1) AND c = KEY(Person, 1)"))
            .build();
    var response =
        RunAggregationQueryResponse.parseFrom(
            handlers
                .handle(Rpc.RUN_AGGREGATION_QUERY, request, null, Long.MAX_VALUE)
                .join()
                .bytesFrom(0));
    var nested = response.getQuery().getNestedQuery();
    assertThat(nested.getFilter().getCompositeFilter().getFiltersList())
        .extracting(each -> each.getPropertyFilter().getValue().getKeyValue().getPartitionId())
        .extracting(each -> each.getProjectId() + "/" + each.getNamespaceId())
        .containsExactly("p1/m", "p1/", "p1/n");
  }
}

package dev.kindstead.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunAggregationQueryResponse;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
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
            handlers.handle(Rpc.RUN_QUERY, request, null).join().bytesFrom(0));
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
            handlers.handle(Rpc.RUN_AGGREGATION_QUERY, request, null).join().bytesFrom(0));
    assertThat(response.getQuery().getNestedQuery().getKind(0).getName()).isEqualTo("Task");
    assertThat(operations.lastAggregations).containsExactly(new Aggregation.Count("n", null));
  }
}

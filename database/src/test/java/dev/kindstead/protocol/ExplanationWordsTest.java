package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.ExplainMetrics;
import com.google.datastore.v1.ExplainOptions;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunAggregationQueryResponse;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import org.junit.jupiter.api.Test;

/** Clients compare explanations to the letter: a number that is no string is a failed test. */
final class ExplanationWordsTest {
  private static final ExplainOptions PLAN = ExplainOptions.getDefaultInstance();
  private static final ExplainOptions ANALYZE =
      ExplainOptions.newBuilder().setAnalyze(true).build();

  private final Handlers handlers = new Handlers(new FakeOperations(), Limits.DEFAULT);

  private static RunQueryRequest.Builder query() {
    return RunQueryRequest.newBuilder().setProjectId("p1").setQuery(Query.getDefaultInstance());
  }

  private RunQueryResponse run(RunQueryRequest request) throws InvalidProtocolBufferException {
    return RunQueryResponse.parseFrom(answer(Rpc.RUN_QUERY, request));
  }

  private RunAggregationQueryResponse aggregate(ExplainOptions options)
      throws InvalidProtocolBufferException {
    var count = AggregationQuery.newBuilder().setNestedQuery(Query.getDefaultInstance());
    count.addAggregationsBuilder().getCountBuilder();
    return RunAggregationQueryResponse.parseFrom(
        answer(
            Rpc.RUN_AGGREGATION_QUERY,
            RunAggregationQueryRequest.newBuilder()
                .setProjectId("p1")
                .setAggregationQuery(count)
                .setExplainOptions(options)
                .build()));
  }

  private byte[] answer(Rpc rpc, Message request) {
    return handlers.handle(rpc, request, null, Long.MAX_VALUE).join().bytesFrom(0);
  }

  private static String text(Struct struct, String field) {
    return struct.getFieldsOrThrow(field).getStringValue();
  }

  private static void assertPlan(ExplainMetrics metrics) {
    assertThat(metrics.getPlanSummary().getIndexesUsedList())
        .extracting(each -> text(each, "properties") + " / " + text(each, "query_scope"))
        .containsExactly(
            "(a DESC, __name__ DESC) / Includes ancestors", "(b ASC) / Collection group");
  }

  @Test
  void nothingIsExplainedUnasked() throws InvalidProtocolBufferException {
    assertThat(run(query().build()).hasExplainMetrics()).isFalse();
  }

  @Test
  void aPlanAloneBringsNoBatch() throws InvalidProtocolBufferException {
    RunQueryResponse response = run(query().setExplainOptions(PLAN).build());
    assertThat(response.hasBatch()).isFalse();
    assertThat(response.getExplainMetrics().hasExecutionStats()).isFalse();
    assertPlan(response.getExplainMetrics());
    assertThat(aggregate(PLAN).hasBatch()).isFalse();
    assertPlan(aggregate(PLAN).getExplainMetrics());
  }

  @Test
  void analyzingBringsResultsAndWhatTheyTook() throws InvalidProtocolBufferException {
    RunQueryResponse response = run(query().setExplainOptions(ANALYZE).build());
    assertThat(response.getBatch().getEndCursor().size()).isPositive();
    assertPlan(response.getExplainMetrics());
    var stats = response.getExplainMetrics().getExecutionStats();
    assertThat(stats.getExecutionDuration().getSeconds()).isEqualTo(1);
    assertThat(stats.getExecutionDuration().getNanos()).isEqualTo(500_000_000);
    assertThat(text(stats.getDebugStats(), "documents_scanned")).isEqualTo("4");
    assertThat(text(stats.getDebugStats(), "index_entries_scanned")).isEqualTo("5");
    Struct bill = stats.getDebugStats().getFieldsOrThrow("billing_details").getStructValue();
    assertThat(text(bill, "min_query_cost")).isEqualTo("1");
    assertThat(text(bill, "small_ops")).isEqualTo("0");
    assertThat(text(bill, "documents_billable")).isEqualTo("0");
  }

  @Test
  void aThousandEntriesOfAnAggregationAreOneRead() throws InvalidProtocolBufferException {
    var stats = aggregate(ANALYZE).getExplainMetrics().getExecutionStats();
    assertThat(stats.getResultsReturned()).isEqualTo(1);
    assertThat(stats.getReadOperations()).isEqualTo(3);
    Struct bill = stats.getDebugStats().getFieldsOrThrow("billing_details").getStructValue();
    assertThat(text(bill, "index_entries_billable")).isEqualTo("2001");
    assertThat(text(bill, "documents_billable")).isEqualTo("0");
  }
}

package dev.kindstead.protocol;

import com.google.datastore.v1.ExecutionStats;
import com.google.datastore.v1.ExplainMetrics;
import com.google.datastore.v1.ExplainOptions;
import com.google.datastore.v1.PlanSummary;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.kindstead.query.Explain;
import dev.kindstead.query.IndexUse;
import dev.kindstead.query.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Query explanations in the API's words, which its clients compare to the letter: numbers in a
 * Struct are strings, {@code query_scope} is one of two phrases.
 *
 * <p>What was scanned and read is what this database scanned and read. What would be billed follows
 * the original's rules: whole entities are billed each; index entries a thousand at a time where no
 * entity is needed; a query without any result as one read.
 */
final class Explanations {
  /** Index entries that count as one read operation. */
  private static final long ENTRIES_PER_READ = 1_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Explanations() {}

  static Explain asked(boolean present, ExplainOptions options) {
    return !present ? Explain.NOTHING : options.getAnalyze() ? Explain.ANALYZE : Explain.PLAN;
  }

  /** Of a query whose results, if it was run, are whole entities or come from entries alone. */
  static ExplainMetrics ofQuery(
      List<IndexUse> indexesUsed, @Nullable Work work, long results, boolean whole) {
    var metrics = planned(indexesUsed);
    if (work != null) {
      long entities = whole ? results : 0;
      long small = whole ? 0 : results;
      metrics.setExecutionStats(
          stats(work, results, Math.max(1, entities), new Bill(results == 0, small, 0, entities)));
    }
    return metrics.build();
  }

  static ExplainMetrics ofAggregation(List<IndexUse> indexesUsed, @Nullable Work work) {
    var metrics = planned(indexesUsed);
    if (work != null) {
      long entities = work.entitiesRead();
      long entries = entities > 0 ? 0 : work.indexEntriesScanned();
      long reads = entities + Math.ceilDiv(entries, ENTRIES_PER_READ);
      metrics.setExecutionStats(
          stats(work, 1, Math.max(1, reads), new Bill(reads == 0, 0, entries, entities)));
    }
    return metrics.build();
  }

  private record Bill(boolean minimum, long small, long entries, long entities) {
    Struct toStruct() {
      return Struct.newBuilder()
          .putFields("min_query_cost", text(minimum ? 1 : 0))
          .putFields("small_ops", text(small))
          .putFields("index_entries_billable", text(entries))
          .putFields("documents_billable", text(entities))
          .build();
    }
  }

  private static ExplainMetrics.Builder planned(List<IndexUse> indexesUsed) {
    var summary = PlanSummary.newBuilder();
    for (IndexUse each : indexesUsed) {
      summary.addIndexesUsed(
          Struct.newBuilder()
              .putFields("properties", text(each.properties()))
              .putFields(
                  "query_scope",
                  text(each.includesAncestors() ? "Includes ancestors" : "Collection group")));
    }
    return ExplainMetrics.newBuilder().setPlanSummary(summary);
  }

  private static ExecutionStats stats(Work work, long results, long readOperations, Bill bill) {
    return ExecutionStats.newBuilder()
        .setResultsReturned(results)
        .setExecutionDuration(
            Duration.newBuilder()
                .setSeconds(work.nanos() / NANOS_PER_SECOND)
                .setNanos((int) (work.nanos() % NANOS_PER_SECOND)))
        .setReadOperations(readOperations)
        .setDebugStats(
            Struct.newBuilder()
                .putFields("documents_scanned", text(work.entitiesRead()))
                .putFields("index_entries_scanned", text(work.indexEntriesScanned()))
                .putFields(
                    "billing_details", Value.newBuilder().setStructValue(bill.toStruct()).build()))
        .build();
  }

  private static Value text(long number) {
    return text(Long.toString(number));
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}

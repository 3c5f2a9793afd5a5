package dev.kindstead.protocol;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AggregationResult;
import com.google.datastore.v1.AggregationResultBatch;
import com.google.datastore.v1.AllocateIdsResponse;
import com.google.datastore.v1.BeginTransactionResponse;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.RunAggregationQueryResponse;
import com.google.datastore.v1.RunQueryResponse;
import dev.kindstead.model.Key;
import dev.kindstead.model.MutationResult;
import dev.kindstead.query.Aggregated;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.service.RunAggregationQuery;
import dev.kindstead.service.RunQuery;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.TransactionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers that carry no stored entities. */
final class Answers {
  private Answers() {}

  static Answer begin(TransactionId transaction) {
    return Answer.of(
        BeginTransactionResponse.newBuilder()
            .setTransaction(MessageWriter.bytes(transaction.bytes()))
            .build(),
        transaction);
  }

  /** Only a transactional commit has a commit time: the mutations of another may differ in it. */
  static Answer commit(CommitResult result, boolean transactional) {
    var message = CommitResponse.newBuilder().setIndexUpdates(result.indexUpdates());
    for (MutationResult each : result.results()) {
      message.addMutationResults(mutationResult(each));
    }
    if (transactional) {
      message.setCommitTime(Times.timestamp(result.commitTime()));
    }
    return Answer.of(message.build());
  }

  private static com.google.datastore.v1.MutationResult mutationResult(MutationResult result) {
    var message =
        com.google.datastore.v1.MutationResult.newBuilder()
            .setVersion(result.version())
            .setConflictDetected(result.conflictDetected());
    if (result.key() != null) {
      message.setKey(MessageWriter.key(result.key()));
    }
    if (result.createTime() != 0) {
      message.setCreateTime(Times.timestamp(result.createTime()));
    }
    if (result.updateTime() != 0) {
      message.setUpdateTime(Times.timestamp(result.updateTime()));
    }
    result.transformResults().forEach(v -> message.addTransformResults(MessageWriter.value(v)));
    return message.build();
  }

  /**
   * A batch beside the rest of its response; without a batch, when only the plan was asked for.
   *
   * @param parsed what the GQL of the request means; null when it was no GQL
   */
  static Answer query(RunQuery.Response response, @Nullable Query parsed) {
    QueryBatch batch = response.batch();
    var rest = RunQueryResponse.newBuilder();
    if (parsed != null) {
      rest.setQuery(parsed);
    }
    TransactionId begun = response.newTransaction();
    if (begun != null) {
      rest.setTransaction(MessageWriter.bytes(begun.bytes()));
    }
    if (response.indexesUsed() != null) {
      rest.setExplainMetrics(
          batch == null
              ? Explanations.ofQuery(response.indexesUsed(), null, 0, false)
              : Explanations.ofQuery(
                  response.indexesUsed(),
                  batch.work(),
                  batch.results().size(),
                  batch.resultType() == QueryBatch.ResultType.FULL));
    }
    return batch == null
        ? Answer.of(rest.build(), begun)
        : new QueryAnswer(batch, rest.build(), begun);
  }

  static Answer aggregation(
      RunAggregationQuery.Response response, @Nullable AggregationQuery parsed) {
    Aggregated result = response.result();
    var message = RunAggregationQueryResponse.newBuilder();
    if (parsed != null) {
      message.setQuery(parsed);
    }
    if (result != null) {
      var row = AggregationResult.newBuilder();
      result
          .values()
          .forEach((alias, value) ->
              row.putAggregateProperties(alias, MessageWriter.content(value).build()));
      message.setBatch(
          AggregationResultBatch.newBuilder()
              .addAggregationResults(row)
              .setMoreResults(MoreResultsType.NO_MORE_RESULTS)
              .setReadTime(Times.timestamp(response.readTime())));
    }
    TransactionId begun = response.newTransaction();
    if (begun != null) {
      message.setTransaction(MessageWriter.bytes(begun.bytes()));
    }
    if (response.indexesUsed() != null) {
      message.setExplainMetrics(
          Explanations.ofAggregation(
              response.indexesUsed(), result == null ? null : result.work()));
    }
    return Answer.of(message.build(), begun);
  }

  static Answer allocateIds(List<Key> keys) {
    var message = AllocateIdsResponse.newBuilder();
    keys.forEach(key -> message.addKeys(MessageWriter.key(key)));
    return Answer.of(message.build());
  }
}

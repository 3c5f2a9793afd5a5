package dev.kindstead.protocol;

import com.google.datastore.v1.EntityResult.ResultType;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.query.QueryBatch.QueryResult;
import dev.kindstead.transaction.TransactionId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A RunQueryResponse: results from their stored bytes, and the rest as messages. */
final class QueryAnswer implements Answer {
  private final QueryBatch batch;
  private final QueryResultBatch batchRest;
  private final RunQueryResponse rest;
  private final @Nullable TransactionId begun;

  /** Bytes of the batch, without its tag and length. */
  private final int batchBytes;

  /**
   * @param rest the response without its batch
   * @param begun the transaction that {@code rest} tells of
   */
  QueryAnswer(QueryBatch batch, RunQueryResponse rest, @Nullable TransactionId begun) {
    this.batch = batch;
    this.rest = rest;
    this.begun = begun;
    this.batchRest =
        QueryResultBatch.newBuilder()
            .setSkippedResults(batch.skippedResults())
            .setSkippedCursor(UnsafeByteOperations.unsafeWrap(batch.skippedCursor()))
            .setEntityResultType(resultType(batch.resultType()))
            .setEndCursor(UnsafeByteOperations.unsafeWrap(batch.endCursor()))
            .setMoreResults(moreResults(batch.moreResults()))
            .setSnapshotVersion(batch.readTime())
            .setReadTime(Times.timestamp(batch.readTime()))
            .build();
    int bytes = batchRest.getSerializedSize();
    for (QueryResult result : batch.results()) {
      bytes +=
          EntityResultWire.size(
              QueryResultBatch.ENTITY_RESULTS_FIELD_NUMBER,
              result.entity(),
              result.version(),
              result.createTime(),
              result.updateTime(),
              result.cursor());
    }
    this.batchBytes = bytes;
  }

  @Override
  public @Nullable TransactionId begun() {
    return begun;
  }

  @Override
  public int size() {
    return CodedOutputStream.computeTagSize(RunQueryResponse.BATCH_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(batchBytes)
        + batchBytes
        + rest.getSerializedSize();
  }

  @Override
  public void writeTo(CodedOutputStream out) throws IOException {
    out.writeTag(RunQueryResponse.BATCH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(batchBytes);
    for (QueryResult result : batch.results()) {
      EntityResultWire.write(
          out,
          QueryResultBatch.ENTITY_RESULTS_FIELD_NUMBER,
          result.entity(),
          result.version(),
          result.createTime(),
          result.updateTime(),
          result.cursor());
    }
    batchRest.writeTo(out);
    rest.writeTo(out);
  }

  private static ResultType resultType(QueryBatch.ResultType type) {
    return switch (type) {
      case FULL -> ResultType.FULL;
      case PROJECTION -> ResultType.PROJECTION;
      case KEY_ONLY -> ResultType.KEY_ONLY;
    };
  }

  private static MoreResultsType moreResults(QueryBatch.MoreResults more) {
    return switch (more) {
      case NOT_FINISHED -> MoreResultsType.NOT_FINISHED;
      case MORE_RESULTS_AFTER_LIMIT -> MoreResultsType.MORE_RESULTS_AFTER_LIMIT;
      case MORE_RESULTS_AFTER_CURSOR -> MoreResultsType.MORE_RESULTS_AFTER_CURSOR;
      case NO_MORE_RESULTS -> MoreResultsType.NO_MORE_RESULTS;
    };
  }
}

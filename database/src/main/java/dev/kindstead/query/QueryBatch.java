package dev.kindstead.query;

import java.util.List;

/**
 * One batch of a query's results.
 *
 * @param skippedResults how many results the offset skipped in this batch
 * @param skippedCursor after the last skipped result; empty when none was skipped
 * @param endCursor after the last result of this batch, always set
 * @param readTime microseconds
 * @param work what the batch took
 */
public record QueryBatch(
    ResultType resultType,
    List<QueryResult> results,
    int skippedResults,
    byte[] skippedCursor,
    byte[] endCursor,
    MoreResults moreResults,
    long readTime,
    Work work) {

  /** What each result holds: the API's EntityResult.ResultType. */
  public enum ResultType {
    FULL,
    PROJECTION,
    KEY_ONLY
  }

  /** Exact, never a guess (python-ndb loops for ever on a wrong NOT_FINISHED). */
  public enum MoreResults {
    NOT_FINISHED,
    MORE_RESULTS_AFTER_LIMIT,
    MORE_RESULTS_AFTER_CURSOR,
    NO_MORE_RESULTS
  }

  /**
   * One result.
   *
   * @param entity as EntityEncoding makes it: whole, projected or key only
   * @param version and the times in microseconds; zero where the result carries none
   * @param cursor after this result
   */
  public record QueryResult(
      byte[] entity, long version, long createTime, long updateTime, byte[] cursor) {}
}

package dev.kindstead.gql;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Query;

/** The room's door. Stateless; every problem is INVALID_ARGUMENT. */
public final class Gql {
  private Gql() {}

  /**
   * The structured query that means the same.
   *
   * @param partition where the query is asked, and so the keys that its text names
   */
  public static Query query(GqlQuery sent, PartitionId partition) {
    var words = new Words(sent.getQueryString());
    var bindings = new Bindings(sent);
    if (words.isAhead("AGGREGATE") || isAggregation(sent)) {
      throw words.error(
          words.peek(), "aggregations are run by RunAggregationQuery, not by RunQuery");
    }
    Query query = new QueryParser(words, new ValueParser(words, bindings, partition)).query();
    words.end();
    bindings.checkAllUsed();
    return query;
  }

  /** The aggregation query that means the same. */
  public static AggregationQuery aggregation(GqlQuery sent, PartitionId partition) {
    var words = new Words(sent.getQueryString());
    var bindings = new Bindings(sent);
    AggregationQuery query =
        new AggregationParser(words, new ValueParser(words, bindings, partition)).query();
    words.end();
    bindings.checkAllUsed();
    return query;
  }

  private static boolean isAggregation(GqlQuery sent) {
    var words = new Words(sent.getQueryString());
    return words.takes("SELECT") && AggregationParser.isNext(words);
  }
}

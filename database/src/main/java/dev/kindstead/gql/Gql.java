package dev.kindstead.gql;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Query;
import dev.kindstead.model.DatastoreException;

/** The room's door. Stateless; every problem is INVALID_ARGUMENT. */
public final class Gql {
  /**
   * Of a query's text. A token of one character takes a hundred bytes; lists of values are better
   * bound than written out.
   */
  static final int TEXT_CHARS_MAX = 256 << 10;

  private Gql() {}

  /**
   * The structured query that means the same.
   *
   * @param partition where the query is asked, and so the keys that its text names
   */
  public static Query query(GqlQuery sent, PartitionId partition) {
    Words words = words(sent);
    var bindings = new Bindings(sent);
    if (AggregationParser.isAhead(words)) {
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
    Words words = words(sent);
    var bindings = new Bindings(sent);
    AggregationQuery query =
        new AggregationParser(words, new ValueParser(words, bindings, partition)).query();
    words.end();
    bindings.checkAllUsed();
    return query;
  }

  private static Words words(GqlQuery sent) {
    String text = sent.getQueryString();
    if (text.length() > TEXT_CHARS_MAX) {
      throw DatastoreException.invalidArgument(
          "A GQL query is longer than %d characters.".formatted(TEXT_CHARS_MAX));
    }
    return new Words(text);
  }
}

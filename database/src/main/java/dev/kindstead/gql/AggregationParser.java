package dev.kindstead.gql;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AggregationQuery.Aggregation;
import com.google.datastore.v1.Query;
import com.google.protobuf.Int64Value;
import java.util.List;

/** {@code SELECT COUNT(*) ...} and {@code AGGREGATE COUNT(*) OVER (SELECT ...)}. */
final class AggregationParser {
  private static final List<String> FUNCTIONS = List.of("COUNT", "COUNT_UP_TO", "SUM", "AVG");

  private final Words words;
  private final ValueParser values;

  AggregationParser(Words words, ValueParser values) {
    this.words = words;
    this.values = values;
  }

  /** Whether the query that begins here is an aggregation. */
  static boolean isAhead(Words words) {
    return words.isAhead("AGGREGATE") || (words.isAhead("SELECT") && isFunction(words, 1));
  }

  /** Whether a function that makes a query an aggregation is next behind {@code ahead} others. */
  private static boolean isFunction(Words words, int ahead) {
    return FUNCTIONS.stream().anyMatch(each -> words.isCall(each, ahead));
  }

  AggregationQuery query() {
    var query = AggregationQuery.newBuilder();
    var inner = new QueryParser(words, values);
    if (words.takes("AGGREGATE")) {
      aggregations(query);
      words.expect("OVER");
      words.expectSymbol("(");
      query.setNestedQuery(inner.query());
      words.expectSymbol(")");
    } else {
      words.expect("SELECT");
      aggregations(query);
      var nested = Query.newBuilder();
      inner.source(nested);
      query.setNestedQuery(nested);
    }
    return query.build();
  }

  private void aggregations(AggregationQuery.Builder query) {
    do {
      query.addAggregations(aggregation());
    } while (words.takesSymbol(","));
  }

  private Aggregation aggregation() {
    if (!isFunction(words, 0)) {
      throw words.unexpected("COUNT(*), COUNT_UP_TO(n), SUM(property) or AVG(property)");
    }
    var aggregation = Aggregation.newBuilder();
    String function = words.take().upperCase();
    words.expectSymbol("(");
    switch (function) {
      case "COUNT" -> {
        words.expectSymbol("*");
        aggregation.getCountBuilder();
      }
      case "COUNT_UP_TO" ->
          aggregation.getCountBuilder().setUpTo(Int64Value.of(values.count(Long.MAX_VALUE)));
      case "SUM" -> aggregation.getSumBuilder().setProperty(property());
      default -> aggregation.getAvgBuilder().setProperty(property());
    }
    words.expectSymbol(")");
    if (words.takes("AS")) {
      aggregation.setAlias(words.name("an alias"));
    }
    return aggregation.build();
  }

  private com.google.datastore.v1.PropertyReference property() {
    return QueryParser.reference(words.property("a property"));
  }
}

package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.AggregationQuery;
import dev.kindstead.model.Names;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the aggregations of a query and gives each an alias. Immutable. */
final class AggregationReader {
  private final Limits limits;

  AggregationReader(Limits limits) {
    this.limits = limits;
  }

  List<Aggregation> read(AggregationQuery sent) {
    int count = sent.getAggregationsCount();
    if (count == 0) {
      throw invalidArgument("Aggregations can not be empty.");
    }
    if (count > limits.aggregationsMax()) {
      throw invalidArgument(
          "The maximum number of aggregations allowed in an aggregation query is "
              + limits.aggregationsMax()
              + ". Received: "
              + count);
    }
    Set<String> aliases = new HashSet<>();
    var aggregations = new ArrayList<Aggregation>(count);
    int unnamed = 0;
    for (var aggregation : sent.getAggregationsList()) {
      String alias = aggregation.getAlias();
      if (alias.isEmpty()) {
        alias = "property_" + ++unnamed;
      }
      Names.checkProperty(alias, false, limits.nameBytesMax());
      if (!aliases.add(alias)) {
        throw invalidArgument("Aggregation aliases contain duplicate alias: " + alias + ".");
      }
      aggregations.add(aggregation(alias, aggregation));
    }
    return aggregations;
  }

  private Aggregation aggregation(String alias, AggregationQuery.Aggregation sent) {
    return switch (sent.getOperatorCase()) {
      case COUNT -> new Aggregation.Count(alias, upTo(sent.getCount()));
      case SUM -> new Aggregation.Sum(alias, property(sent.getSum().getProperty().getName()));
      case AVG -> new Aggregation.Average(alias, property(sent.getAvg().getProperty().getName()));
      case OPERATOR_NOT_SET -> throw invalidArgument("An aggregation must specify an operator.");
    };
  }

  private static @Nullable Long upTo(AggregationQuery.Aggregation.Count sent) {
    if (!sent.hasUpTo()) {
      return null;
    }
    if (sent.getUpTo().getValue() < 0) {
      throw invalidArgument("up_to must be non-negative.");
    }
    return sent.getUpTo().getValue();
  }

  private String property(String name) {
    Names.checkProperty(name, true, limits.nameBytesMax());
    if (name.equals(Query.KEY)) {
      throw invalidArgument("Aggregations are not supported for the property: __key__");
    }
    return name;
  }
}

package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.Value.ValueTypeCase;
import dev.kindstead.model.Key;
import dev.kindstead.model.Names;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads a filter tree. Immutable. */
final class FilterReader {
  /** Comparisons of one filter: each alternative is planned with all that hold in it. */
  static final int COMPARISONS_MAX = 100;

  private final Limits limits;
  private final EntityReader values;

  FilterReader(RequestScope scope) {
    this.limits = scope.limits();
    this.values = new EntityReader(new KeyReader(scope), limits);
  }

  Filter read(com.google.datastore.v1.Filter sent, PartitionId partition) {
    Filter filter = filter(sent, partition);
    checkCombination(filter);
    return filter;
  }

  /** All comparisons in a filter tree. */
  static List<Filter.Comparison> comparisons(Filter filter) {
    return leaves(filter).toList();
  }

  private static Stream<Filter.Comparison> leaves(Filter filter) {
    return switch (filter) {
      case Filter.And and -> and.filters().stream().flatMap(FilterReader::leaves);
      case Filter.Or or -> or.filters().stream().flatMap(FilterReader::leaves);
      case Filter.Comparison comparison -> Stream.of(comparison);
    };
  }

  private Filter filter(com.google.datastore.v1.Filter sent, PartitionId partition) {
    return switch (sent.getFilterTypeCase()) {
      case COMPOSITE_FILTER -> composite(sent.getCompositeFilter(), partition);
      case PROPERTY_FILTER -> comparison(sent.getPropertyFilter(), partition);
      case FILTERTYPE_NOT_SET ->
          throw invalidArgument("A filter must have exactly one of its fields set.");
    };
  }

  private Filter composite(CompositeFilter sent, PartitionId partition) {
    if (sent.getFiltersCount() == 0) {
      throw invalidArgument("A composite filter must have at least one sub-filter.");
    }
    var filters = new ArrayList<Filter>(sent.getFiltersCount());
    for (var part : sent.getFiltersList()) {
      filters.add(filter(part, partition));
    }
    return switch (sent.getOp()) {
      case AND -> new Filter.And(filters);
      case OR -> new Filter.Or(filters);
      case OPERATOR_UNSPECIFIED, UNRECOGNIZED ->
          throw invalidArgument("a composite filter must specify an operator");
    };
  }

  private Filter.Comparison comparison(PropertyFilter sent, PartitionId partition) {
    String property = sent.getProperty().getName();
    Names.checkProperty(property, true, limits.nameBytesMax());
    Operator operator = operator(sent.getOp());
    if (sent.getValue().getExcludeFromIndexes()) {
      throw invalidArgument("a filter value must be indexed");
    }
    if (operator == Operator.HAS_ANCESTOR && !property.equals(Query.KEY)) {
      throw invalidArgument("HAS_ANCESTOR is only supported on __key__");
    }
    Value.Content value =
        switch (operator) {
          case IN, NOT_IN -> array(property, operator, sent, partition);
          default -> single(property, sent.getValue(), partition);
        };
    return new Filter.Comparison(property, operator, value);
  }

  private static Operator operator(PropertyFilter.Operator sent) {
    return switch (sent) {
      case LESS_THAN -> Operator.LESS_THAN;
      case LESS_THAN_OR_EQUAL -> Operator.LESS_THAN_OR_EQUAL;
      case GREATER_THAN -> Operator.GREATER_THAN;
      case GREATER_THAN_OR_EQUAL -> Operator.GREATER_THAN_OR_EQUAL;
      case EQUAL -> Operator.EQUAL;
      case IN -> Operator.IN;
      case NOT_EQUAL -> Operator.NOT_EQUAL;
      case HAS_ANCESTOR -> Operator.HAS_ANCESTOR;
      case NOT_IN -> Operator.NOT_IN;
      case OPERATOR_UNSPECIFIED, UNRECOGNIZED ->
          throw invalidArgument("a property filter must specify an operator");
    };
  }

  private Value.ArrayValue array(
      String property, Operator operator, PropertyFilter sent, PartitionId partition) {
    var array = sent.getValue();
    if (array.getValueTypeCase() != ValueTypeCase.ARRAY_VALUE
        || array.getArrayValue().getValuesCount() == 0) {
      throw invalidArgument(operator + " requires an non-empty ArrayValue.");
    }
    int valuesMax = operator == Operator.IN ? limits.disjunctionsMax() : limits.notInValuesMax();
    if (array.getArrayValue().getValuesCount() > valuesMax) {
      throw invalidArgument(operator + " supports up to " + valuesMax + " values.");
    }
    var elements = new ArrayList<Value>();
    for (var element : array.getArrayValue().getValuesList()) {
      elements.add(Value.of(single(property, element, partition)));
    }
    return new Value.ArrayValue(elements);
  }

  private Value.Content single(
      String property, com.google.datastore.v1.Value sent, PartitionId partition) {
    Value.Content value = values.scalar(property, sent);
    if (property.equals(Query.KEY)) {
      if (!(value instanceof Value.KeyValue(Key key))) {
        throw invalidArgument("__key__ filter value must be a Key");
      }
      checkPartition(key.partition(), partition);
    }
    return value;
  }

  private static void checkPartition(PartitionId ofKey, PartitionId ofQuery) {
    if (!ofKey.databaseId().equals(ofQuery.databaseId())) {
      throw RequestScope.mismatch(ofQuery.databaseId(), ofKey.databaseId());
    }
    if (!ofKey.namespace().equals(ofQuery.namespace())) {
      throw invalidArgument(
          "The query namespace is '"
              + ofQuery.namespace()
              + "' but __key__ filter namespace is '"
              + ofKey.namespace()
              + "'.");
    }
  }

  private void checkCombination(Filter filter) {
    List<Filter.Comparison> all = comparisons(filter);
    if (all.size() > COMPARISONS_MAX) {
      throw invalidArgument(
          "A filter must not have more than " + COMPARISONS_MAX + " property filters.");
    }
    long exclusions =
        all.stream()
            .filter(c -> c.operator() == Operator.NOT_EQUAL || c.operator() == Operator.NOT_IN)
            .count();
    if (exclusions > 1) {
      throw invalidArgument("Only a single 'NOT_EQUAL' or 'NOT_IN' is allowed per query.");
    }
    boolean notIn = all.stream().anyMatch(c -> c.operator() == Operator.NOT_IN);
    boolean isDisjunctive =
        all.stream().anyMatch(c -> c.operator() == Operator.IN) || hasOr(filter);
    if (notIn && isDisjunctive) {
      throw invalidArgument("NOT_IN cannot be combined with OR or IN in the same query.");
    }
    if (disjunctions(filter) > limits.disjunctionsMax()) {
      throw invalidArgument(
          "A query supports up to " + limits.disjunctionsMax() + " disjunctions.");
    }
  }

  private static boolean hasOr(Filter filter) {
    return switch (filter) {
      case Filter.And and -> and.filters().stream().anyMatch(FilterReader::hasOr);
      case Filter.Or or -> true;
      case Filter.Comparison comparison -> false;
    };
  }

  /** How many ORs the filter has in disjunctive normal form; saturates far above any limit. */
  private static long disjunctions(Filter filter) {
    long many = Integer.MAX_VALUE;
    return switch (filter) {
      case Filter.And and ->
          and.filters().stream()
              .mapToLong(FilterReader::disjunctions)
              .reduce(1, (a, b) -> Math.min(many, a * b));
      case Filter.Or or ->
          Math.min(many, or.filters().stream().mapToLong(FilterReader::disjunctions).sum());
      case Filter.Comparison comparison ->
          comparison.operator() == Operator.IN
                  && comparison.value() instanceof Value.ArrayValue(List<Value> values)
              ? values.size()
              : 1;
    };
  }
}

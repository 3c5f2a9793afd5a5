package dev.kindstead.gql;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.Value;
import com.google.protobuf.NullValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** WHERE: comparisons under AND and OR; AND binds tighter. */
final class ConditionParser {
  private final Words words;
  private final ValueParser values;

  ConditionParser(Words words, ValueParser values) {
    this.words = words;
    this.values = values;
  }

  Filter condition() {
    List<Filter> alternatives = new ArrayList<>();
    do {
      alternatives.add(conjunction());
    } while (words.takes("OR"));
    return joined(CompositeFilter.Operator.OR, alternatives);
  }

  private Filter conjunction() {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(part());
    } while (words.takes("AND"));
    return joined(CompositeFilter.Operator.AND, parts);
  }

  private static Filter joined(CompositeFilter.Operator operator, List<Filter> filters) {
    return filters.size() == 1
        ? filters.getFirst()
        : Filter.newBuilder()
            .setCompositeFilter(CompositeFilter.newBuilder().setOp(operator).addAllFilters(filters))
            .build();
  }

  private Filter part() {
    if (words.takesSymbol("(")) {
      words.down();
      Filter inner = condition();
      words.up();
      words.expectSymbol(")");
      return inner;
    }
    return values.isNext() ? backward() : forward();
  }

  /** {@code property operator value}. */
  private Filter forward() {
    String property = words.property("a property or a value");
    if (words.takes("IS")) {
      words.expect("NULL");
      return comparison(
          property, Operator.EQUAL, Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build());
    }
    if (words.takes("CONTAINS")) {
      return comparison(property, Operator.EQUAL, values.value());
    }
    if (words.takes("HAS")) {
      words.expect("ANCESTOR");
      return comparison(property, Operator.HAS_ANCESTOR, values.value());
    }
    if (words.takes("IN")) {
      return comparison(property, Operator.IN, array(values.value()));
    }
    if (words.takes("NOT")) {
      words.expect("IN");
      return comparison(property, Operator.NOT_IN, array(values.value()));
    }
    Operator operator =
        symbol()
            .orElseThrow(() -> words.unexpected("an operator: =, !=, <, <=, >, >=, IN, IS NULL"));
    return comparison(property, operator, values.value());
  }

  /** {@code value operator property}. */
  private Filter backward() {
    Value value = values.value();
    if (words.takes("IN")) {
      return comparison(words.property("a property"), Operator.EQUAL, value);
    }
    if (words.takes("HAS")) {
      words.expect("DESCENDANT");
      return comparison(words.property("__key__"), Operator.HAS_ANCESTOR, value);
    }
    Operator operator =
        symbol().orElseThrow(() -> words.unexpected("an operator: =, !=, <, <=, >, >=, IN"));
    return comparison(words.property("a property"), mirrored(operator), value);
  }

  private Optional<Operator> symbol() {
    for (var each :
        List.of(
            new Symbol("=", Operator.EQUAL),
            new Symbol("!=", Operator.NOT_EQUAL),
            new Symbol("<=", Operator.LESS_THAN_OR_EQUAL),
            new Symbol("<", Operator.LESS_THAN),
            new Symbol(">=", Operator.GREATER_THAN_OR_EQUAL),
            new Symbol(">", Operator.GREATER_THAN))) {
      if (words.takesSymbol(each.text)) {
        return Optional.of(each.operator);
      }
    }
    return Optional.empty();
  }

  private record Symbol(String text, Operator operator) {}

  /** What {@code value operator property} means with the property first. */
  private static Operator mirrored(Operator operator) {
    return switch (operator) {
      case LESS_THAN -> Operator.GREATER_THAN;
      case LESS_THAN_OR_EQUAL -> Operator.GREATER_THAN_OR_EQUAL;
      case GREATER_THAN -> Operator.LESS_THAN;
      case GREATER_THAN_OR_EQUAL -> Operator.LESS_THAN_OR_EQUAL;
      case EQUAL, NOT_EQUAL, IN, NOT_IN, HAS_ANCESTOR, OPERATOR_UNSPECIFIED, UNRECOGNIZED ->
          operator;
    };
  }

  /** A single value stands for an array of itself. */
  private static Value array(Value value) {
    return value.hasArrayValue()
        ? value
        : Value.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
  }

  private static Filter comparison(String property, Operator operator, Value value) {
    return Filter.newBuilder()
        .setPropertyFilter(
            PropertyFilter.newBuilder()
                .setProperty(PropertyReference.newBuilder().setName(property))
                .setOp(operator)
                .setValue(value))
        .build();
  }
}

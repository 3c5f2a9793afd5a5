package dev.kindstead.query;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.And;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Filter.Or;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Entities, results and queries as planner scripts write them, in GQL. What GQL has no literal for
 * (places, nested entities) is shown for people only.
 */
final class ScriptText {
  private ScriptText() {}

  static String entity(Entity entity) {
    return withProperties(
        Shelf.key(entity),
        entity.properties().entrySet().stream()
            .map(each -> each.getKey() + " = " + value(each.getValue()))
            .toList());
  }

  static String result(QueryModel.Result result) {
    return result(result.key(), result.shown());
  }

  private static String result(Key key, Map<String, Value.Content> shown) {
    return withProperties(
        key,
        shown.entrySet().stream()
            .map(each -> each.getKey() + " = " + content(each.getValue()))
            .toList());
  }

  private static String withProperties(Key key, List<String> properties) {
    return path(key) + (properties.isEmpty() ? "" : ": " + String.join(", ", properties));
  }

  private static String path(Key key) {
    String namespace = key.partition().namespace();
    return (namespace.isEmpty() ? "" : "NAMESPACE(" + quoted(namespace) + "), ")
        + key.path().stream().map(ScriptText::element).collect(Collectors.joining(", "));
  }

  private static String element(PathElement element) {
    String name = element.name();
    return element.kind() + ", " + (name == null ? Long.toString(element.id()) : quoted(name));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''").replace("\0", "\\0") + "'";
  }

  static String query(Query query) {
    StringBuilder text = new StringBuilder("SELECT ");
    if (!query.distinctOn().isEmpty()) {
      text.append("DISTINCT ON (").append(String.join(", ", query.distinctOn())).append(") ");
    }
    text.append(query.projection().isEmpty() ? "*" : String.join(", ", query.projection()));
    if (query.kind() != null) {
      text.append(" FROM ").append(query.kind());
    }
    if (query.filter() != null) {
      text.append(" WHERE ").append(filter(query.filter()));
    }
    if (!query.orders().isEmpty()) {
      text.append(" ORDER BY ").append(new Ordering(query.orders()));
    }
    if (query.limit() != null) {
      text.append(" LIMIT ").append(query.limit());
    }
    if (query.offset() > 0) {
      text.append(" OFFSET ").append(query.offset());
    }
    return text.toString();
  }

  private static String filter(Filter filter) {
    return switch (filter) {
      case And(List<Filter> filters) -> joined(filters, " AND ");
      case Or(List<Filter> filters) -> joined(filters, " OR ");
      case Comparison(String property, Operator operator, Value.Content value) ->
          property + " " + symbol(operator) + " " + content(value);
    };
  }

  private static String joined(List<Filter> filters, String between) {
    List<String> parts = new ArrayList<>();
    for (Filter each : filters) {
      parts.add(each instanceof Comparison ? filter(each) : "(" + filter(each) + ")");
    }
    return String.join(between, parts);
  }

  private static String symbol(Operator operator) {
    return switch (operator) {
      case LESS_THAN -> "<";
      case LESS_THAN_OR_EQUAL -> "<=";
      case GREATER_THAN -> ">";
      case GREATER_THAN_OR_EQUAL -> ">=";
      case EQUAL -> "=";
      case NOT_EQUAL -> "!=";
      case IN -> "IN";
      case NOT_IN -> "NOT IN";
      case HAS_ANCESTOR -> "HAS ANCESTOR";
    };
  }

  private static String value(Value value) {
    return content(value.content()) + (value.excludeFromIndexes() ? " unindexed" : "");
  }

  static String content(Value.Content content) {
    return switch (content) {
      case Value.NullValue _ -> "NULL";
      case Value.BooleanValue(boolean value) -> value ? "TRUE" : "FALSE";
      case Value.IntegerValue(long value) -> Long.toString(value);
      case Value.DoubleValue(double value) -> Double.toString(value);
      case Value.TimestampValue(long micros) ->
          "DATETIME('" + Instant.EPOCH.plus(micros, ChronoUnit.MICROS) + "')";
      case Value.KeyValue(Key key) -> "KEY(" + path(key) + ")";
      case Value.StringValue(String value) -> quoted(value);
      case Value.BlobValue blob ->
          "BLOB('" + Base64.getUrlEncoder().encodeToString(blob.bytes().array()) + "')";
      case Value.GeoPointValue(double latitude, double longitude) ->
          "PLACE(" + latitude + ", " + longitude + ")";
      case Value.EntityValue(Entity nested) ->
          nested.properties().entrySet().stream()
              .map(each -> each.getKey() + " = " + value(each.getValue()))
              .collect(Collectors.joining(", ", "ENTITY(", ")"));
      case Value.ArrayValue(List<Value> values) ->
          values.stream().map(ScriptText::value).collect(Collectors.joining(", ", "ARRAY(", ")"));
    };
  }
}

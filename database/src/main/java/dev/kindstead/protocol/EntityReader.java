package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Value.ValueTypeCase;
import com.google.type.LatLng;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Names;
import dev.kindstead.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the API's entities and values to the model's, refusing what the API does not store. Meanings
 * and marks are kept verbatim: libraries depend on their round trip. Immutable.
 */
final class EntityReader {
  /** Longer than the service stores strings without an index. */
  private static final int MEANING_TEXT = 15;

  private static final int MEANING_INDEX_ONLY = 18;
  private static final int MEANING_COMPRESSED = 22;
  private static final int MEANING_EMPTY_LIST = 24;
  private static final int MEANING_VECTOR = 31;

  private final KeyReader keys;
  private final Limits limits;

  EntityReader(KeyReader keys, Limits limits) {
    this.keys = keys;
    this.limits = limits;
  }

  /** The properties of an entity that is written under {@code key}. */
  Entity read(Key key, com.google.datastore.v1.Entity sent) {
    return new Entity(key, properties(sent, true, 0));
  }

  private Entity nested(com.google.datastore.v1.Entity sent, boolean indexed, int depth) {
    if (depth > limits.entityDepthMax()) {
      throw invalidArgument(
          "Entity values cannot be nested deeper than " + limits.entityDepthMax() + ".");
    }
    Key key = sent.hasKey() ? keys.read(sent.getKey(), KeyReader.Purpose.NESTED_ENTITY) : null;
    return new Entity(key, properties(sent, indexed, depth));
  }

  private Map<String, Value> properties(
      com.google.datastore.v1.Entity sent, boolean indexed, int depth) {
    var properties = LinkedHashMap.<String, Value>newLinkedHashMap(sent.getPropertiesCount());
    for (var property : sent.getPropertiesMap().entrySet()) {
      Names.checkProperty(property.getKey(), false, limits.nameBytesMax());
      var value = property.getValue();
      properties.put(property.getKey(), value(property.getKey(), value, indexed, depth));
    }
    return properties;
  }

  /** A value that is written. */
  private Value value(
      String property, com.google.datastore.v1.Value sent, boolean indexed, int depth) {
    boolean excluded = sent.getExcludeFromIndexes();
    checkMeaning(sent.getMeaning(), excluded);
    var content =
        switch (sent.getValueTypeCase()) {
          case ARRAY_VALUE -> array(property, sent, indexed, depth);
          case ENTITY_VALUE ->
              new Value.EntityValue(nested(sent.getEntityValue(), indexed && !excluded, depth + 1));
          default -> scalar(property, sent);
        };
    checkLength(property, content, indexed && !excluded);
    return new Value(content, sent.getMeaning(), excluded);
  }

  private Value.ArrayValue array(
      String property, com.google.datastore.v1.Value sent, boolean indexed, int depth) {
    ArrayValue array = sent.getArrayValue();
    if (!isVector(sent)) {
      if (sent.getExcludeFromIndexes()) {
        throw invalidArgument("Exclude from indexes cannot be set on a list value");
      }
      boolean emptyList = sent.getMeaning() == MEANING_EMPTY_LIST && array.getValuesCount() == 0;
      if (sent.getMeaning() != 0 && !emptyList) {
        throw invalidArgument("Meaning cannot be set on a list value");
      }
    }
    var elements = new ArrayList<Value>(array.getValuesCount());
    for (var element : array.getValuesList()) {
      if (element.hasArrayValue()) {
        throw invalidArgument("list_value cannot contain a Value containing another list_value.");
      }
      elements.add(value(property, element, indexed && !sent.getExcludeFromIndexes(), depth));
    }
    return new Value.ArrayValue(elements);
  }

  /** The one array that carries marks of its own: doubles with meaning 31. */
  private static boolean isVector(com.google.datastore.v1.Value sent) {
    return sent.getMeaning() == MEANING_VECTOR
        && sent.getArrayValue().getValuesList().stream().allMatch(v -> v.hasDoubleValue());
  }

  private static void checkMeaning(int meaning, boolean excluded) {
    if (meaning == MEANING_INDEX_ONLY) {
      throw invalidArgument("Projection property cannot be used.");
    }
    if (!excluded && (meaning == MEANING_TEXT || meaning == MEANING_COMPRESSED)) {
      throw invalidArgument("Indexed value has meaning " + meaning + ".");
    }
  }

  private void checkLength(String property, Value.Content content, boolean indexed) {
    int bytesMax = indexed ? limits.indexedBytesMax() : limits.unindexedBytesMax();
    boolean tooLong =
        switch (content) {
          case Value.StringValue text -> Names.isLonger(text.value(), bytesMax);
          case Value.BlobValue blob -> blob.bytes().size() > bytesMax;
          default -> false;
        };
    if (tooLong) {
      throw invalidArgument(
          "The value of property \"" + property + "\" is longer than " + bytesMax + " bytes.");
    }
  }

  /** Any value but an array or an entity, also in filters and transforms. */
  Value.Content scalar(String property, com.google.datastore.v1.Value sent) {
    return switch (sent.getValueTypeCase()) {
      case NULL_VALUE -> Value.NullValue.NULL;
      case BOOLEAN_VALUE -> new Value.BooleanValue(sent.getBooleanValue());
      case INTEGER_VALUE -> new Value.IntegerValue(sent.getIntegerValue());
      case DOUBLE_VALUE -> new Value.DoubleValue(sent.getDoubleValue());
      case TIMESTAMP_VALUE -> new Value.TimestampValue(Times.micros(sent.getTimestampValue()));
      case KEY_VALUE -> new Value.KeyValue(keys.read(sent.getKeyValue(), KeyReader.Purpose.VALUE));
      case STRING_VALUE -> new Value.StringValue(sent.getStringValue());
      case BLOB_VALUE -> new Value.BlobValue(Bytes.of(sent.getBlobValue().toByteArray()));
      case GEO_POINT_VALUE -> geoPoint(sent.getGeoPointValue());
      case ARRAY_VALUE -> throw invalidArgument("A list value is not allowed");
      case ENTITY_VALUE -> throw invalidArgument("An entity value is not allowed");
      case VALUETYPE_NOT_SET ->
          throw invalidArgument("The value \"" + property + "\" does not contain a value.");
    };
  }

  /** The elements of a transform's array, which never reach an index on their own. */
  List<Value> elements(String property, ArrayValue sent) {
    var elements = new ArrayList<Value>(sent.getValuesCount());
    for (var element : sent.getValuesList()) {
      if (element.getValueTypeCase() == ValueTypeCase.ARRAY_VALUE) {
        throw invalidArgument("list_value cannot contain a Value containing another list_value.");
      }
      elements.add(value(property, element, true, 0));
    }
    return elements;
  }

  private static Value.GeoPointValue geoPoint(LatLng point) {
    checkRange("latitude", point.getLatitude(), 90.0);
    checkRange("longitude", point.getLongitude(), 180.0);
    return new Value.GeoPointValue(point.getLatitude(), point.getLongitude());
  }

  private static void checkRange(String name, double degrees, double degreesMax) {
    if (!(Math.abs(degrees) <= degreesMax)) {
      throw invalidArgument(
          "Geo point "
              + name
              + " outside permitted range -"
              + degreesMax
              + " to "
              + degreesMax
              + ".");
    }
  }
}

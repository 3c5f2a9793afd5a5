package dev.kindstead.encoding;

import static dev.kindstead.encoding.EntityFields.ARRAY_VALUES;
import static dev.kindstead.encoding.EntityFields.ENTITY_KEY;
import static dev.kindstead.encoding.EntityFields.ENTITY_PROPERTIES;
import static dev.kindstead.encoding.EntityFields.GEO_POINT_LATITUDE;
import static dev.kindstead.encoding.EntityFields.GEO_POINT_LONGITUDE;
import static dev.kindstead.encoding.EntityFields.KEY_PARTITION_ID;
import static dev.kindstead.encoding.EntityFields.KEY_PATH;
import static dev.kindstead.encoding.EntityFields.PARTITION_DATABASE_ID;
import static dev.kindstead.encoding.EntityFields.PARTITION_NAMESPACE_ID;
import static dev.kindstead.encoding.EntityFields.PARTITION_PROJECT_ID;
import static dev.kindstead.encoding.EntityFields.PATH_ELEMENT_ID;
import static dev.kindstead.encoding.EntityFields.PATH_ELEMENT_KIND;
import static dev.kindstead.encoding.EntityFields.PATH_ELEMENT_NAME;
import static dev.kindstead.encoding.EntityFields.PROPERTY_NAME;
import static dev.kindstead.encoding.EntityFields.PROPERTY_VALUE;
import static dev.kindstead.encoding.EntityFields.TIMESTAMP_NANOS;
import static dev.kindstead.encoding.EntityFields.TIMESTAMP_SECONDS;
import static dev.kindstead.encoding.EntityFields.VALUE_ARRAY;
import static dev.kindstead.encoding.EntityFields.VALUE_BLOB;
import static dev.kindstead.encoding.EntityFields.VALUE_BOOLEAN;
import static dev.kindstead.encoding.EntityFields.VALUE_DOUBLE;
import static dev.kindstead.encoding.EntityFields.VALUE_ENTITY;
import static dev.kindstead.encoding.EntityFields.VALUE_EXCLUDE_FROM_INDEXES;
import static dev.kindstead.encoding.EntityFields.VALUE_GEO_POINT;
import static dev.kindstead.encoding.EntityFields.VALUE_INTEGER;
import static dev.kindstead.encoding.EntityFields.VALUE_KEY;
import static dev.kindstead.encoding.EntityFields.VALUE_MEANING;
import static dev.kindstead.encoding.EntityFields.VALUE_NULL;
import static dev.kindstead.encoding.EntityFields.VALUE_STRING;
import static dev.kindstead.encoding.EntityFields.VALUE_TIMESTAMP;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.BooleanValue;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.GeoPointValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.KeyValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes entities as protobuf, every message from its last field to its first. */
final class EntityWriter {
  static final long MICROS_PER_SECOND = 1_000_000;
  static final long NANOS_PER_MICRO = 1_000;

  private EntityWriter() {}

  static void entity(BackwardWriter out, Entity entity) {
    Map<String, Value> properties = entity.properties();
    String[] names = properties.keySet().toArray(new String[0]);
    for (int i = names.length - 1; i >= 0; i--) {
      int end = out.size();
      value(out, Objects.requireNonNull(properties.get(names[i])));
      out.message(PROPERTY_VALUE, end);
      out.string(PROPERTY_NAME, names[i]);
      out.message(ENTITY_PROPERTIES, end);
    }
    Key key = entity.key();
    if (key != null) {
      int end = out.size();
      key(out, key);
      out.message(ENTITY_KEY, end);
    }
  }

  private static void key(BackwardWriter out, Key key) {
    List<PathElement> path = key.path();
    for (int i = path.size() - 1; i >= 0; i--) {
      int end = out.size();
      pathElement(out, path.get(i));
      out.message(KEY_PATH, end);
    }
    int end = out.size();
    partition(out, key.partition());
    out.message(KEY_PARTITION_ID, end);
  }

  private static void partition(BackwardWriter out, PartitionId partition) {
    stringUnlessEmpty(out, PARTITION_NAMESPACE_ID, partition.namespace());
    stringUnlessEmpty(out, PARTITION_DATABASE_ID, partition.database());
    stringUnlessEmpty(out, PARTITION_PROJECT_ID, partition.project());
  }

  private static void pathElement(BackwardWriter out, PathElement element) {
    if (element.name() != null) {
      out.string(PATH_ELEMENT_NAME, element.name());
    } else if (element.id() != 0) {
      out.varint(PATH_ELEMENT_ID, element.id());
    }
    stringUnlessEmpty(out, PATH_ELEMENT_KIND, element.kind());
  }

  private static void value(BackwardWriter out, Value value) {
    if (value.excludeFromIndexes()) {
      out.varint(VALUE_EXCLUDE_FROM_INDEXES, 1);
    }
    if (value.meaning() != 0) {
      out.varint(VALUE_MEANING, value.meaning());
    }
    // The field of a oneof is written even when it holds its default: that it is there says which.
    switch (value.content()) {
      case NullValue _ -> out.varint(VALUE_NULL, 0);
      case BooleanValue bool -> out.varint(VALUE_BOOLEAN, bool.value() ? 1 : 0);
      case IntegerValue integer -> out.varint(VALUE_INTEGER, integer.value());
      case DoubleValue number ->
          out.fixed64(VALUE_DOUBLE, Double.doubleToRawLongBits(number.value()));
      case StringValue string -> out.string(VALUE_STRING, string.value());
      case BlobValue blob -> out.bytes(VALUE_BLOB, blob.bytes().array());
      case TimestampValue timestamp -> timestamp(out, timestamp.micros());
      case GeoPointValue point -> geoPoint(out, point);
      case KeyValue key -> {
        int end = out.size();
        key(out, key.key());
        out.message(VALUE_KEY, end);
      }
      case EntityValue nested -> {
        int end = out.size();
        entity(out, nested.entity());
        out.message(VALUE_ENTITY, end);
      }
      case ArrayValue array -> array(out, array.values());
    }
  }

  private static void timestamp(BackwardWriter out, long micros) {
    int end = out.size();
    long nanos = Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    if (nanos != 0) {
      out.varint(TIMESTAMP_NANOS, nanos);
    }
    if (seconds != 0) {
      out.varint(TIMESTAMP_SECONDS, seconds);
    }
    out.message(VALUE_TIMESTAMP, end);
  }

  private static void geoPoint(BackwardWriter out, GeoPointValue point) {
    int end = out.size();
    out.fixed64(GEO_POINT_LONGITUDE, Double.doubleToRawLongBits(point.longitude()));
    out.fixed64(GEO_POINT_LATITUDE, Double.doubleToRawLongBits(point.latitude()));
    out.message(VALUE_GEO_POINT, end);
  }

  private static void array(BackwardWriter out, List<Value> values) {
    int end = out.size();
    for (int i = values.size() - 1; i >= 0; i--) {
      int valueEnd = out.size();
      value(out, values.get(i));
      out.message(ARRAY_VALUES, valueEnd);
    }
    out.message(VALUE_ARRAY, end);
  }

  private static void stringUnlessEmpty(BackwardWriter out, int tag, String value) {
    if (!value.isEmpty()) {
      out.string(tag, value);
    }
  }
}
